package dev.kantele.protocol.sequence;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.WireNumber;

/**
 * How far a subscriber has come, and whether an event is the next (docs/protocol.md, "What a
 * subscriber may rely on", rule 1). A value: each step gives a new one.
 */
public final class EventCursor {
  private final long last;

  /** How many pages of an unfinished snapshot have come; 0 outside one. */
  private final int pages;

  private EventCursor(long last, int pages) {
    this.last = WireNumber.require("last", last, 0);
    this.pages = pages;
  }

  /** A subscriber that knows everything up to {@code last}; 0 knows nothing. */
  public static EventCursor after(long last) {
    return new EventCursor(last, 0);
  }

  /** What an event is to the subscriber. */
  public sealed interface Step {
    /** It is the next. */
    record Accepted(EventCursor next) implements Step {
      /** The number up to which the subscriber now knows everything. */
      public long newLast() {
        return next.last();
      }
    }

    /** Something before it, from number {@code expected} on, is missing. */
    record Hole(long expected, Covers got) implements Step {}

    /** It begins with a number that has come before {@code expected}. */
    record Repeat(long expected, Covers got) implements Step {}
  }

  /** The number up to which the subscriber knows everything: {@code after} of its next attach. */
  public long last() {
    return last;
  }

  /**
   * Judges an event. Within a snapshot of several pages only the next page, or the first again, is
   * accepted, and the cursor moves at the last. {@code session.detached} is told to one subscriber
   * about its subscription: it is accepted anywhere and moves nothing.
   */
  public Step accept(Covers covers, EventBody body) {
    if (body instanceof EventBody.SessionDetached) {
      return new Step.Accepted(this);
    }
    if (body instanceof EventBody.SessionSnapshot snapshot) {
      return acceptPage(covers, snapshot);
    }
    if (pages > 0) {
      return new Step.Hole(last + 1, covers);
    }
    if (body instanceof EventBody.SessionRecovered) {
      return acceptReplacing(covers, after(covers.to()));
    }
    return covers.from() == last + 1 ? new Step.Accepted(after(covers.to())) : misfit(covers);
  }

  private Step acceptPage(Covers covers, EventBody.SessionSnapshot snapshot) {
    int page = snapshot.page();
    if (page != 1 && page != pages + 1) {
      return new Step.Hole(last + 1, covers);
    }
    return acceptReplacing(
        covers, page == snapshot.pages() ? after(covers.to()) : new EventCursor(last, page));
  }

  private Step acceptReplacing(Covers covers, EventCursor next) {
    return covers.from() <= last + 1 && last + 1 <= covers.to()
        ? new Step.Accepted(next)
        : misfit(covers);
  }

  private Step misfit(Covers covers) {
    return covers.from() > last + 1
        ? new Step.Hole(last + 1, covers)
        : new Step.Repeat(last + 1, covers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventCursor cursor && cursor.last == last && cursor.pages == pages;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(last) * 31 + pages;
  }

  @Override
  public String toString() {
    return pages == 0 ? "after " + last : "after " + last + ", " + pages + " pages of a snapshot";
  }
}
