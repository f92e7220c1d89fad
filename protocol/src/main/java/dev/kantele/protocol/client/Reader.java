package dev.kantele.protocol.client;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.sequence.EventCursor;
import java.util.Optional;

/**
 * One who reads a session's log at its own pace, as its {@link Feed} sees it. Confined to the
 * client's mailbox.
 */
abstract class Reader {
  private EventCursor cursor;
  private Optional<LogId> log;

  /** When the feed last began to serve it; the feed's to set. */
  long served;

  Reader(Optional<LogId> log, long after) {
    this.log = log;
    this.cursor = EventCursor.after(after);
  }

  final EventCursor cursor() {
    return cursor;
  }

  final Optional<LogId> log() {
    return log;
  }

  /** Forgets the pages of a snapshot that will begin again. */
  final void beginAgain() {
    cursor = EventCursor.after(cursor.last());
  }

  /** Moves to the start of whatever log the session has. */
  final void restart() {
    log = Optional.empty();
    cursor = EventCursor.after(0);
  }

  /** Takes the name of the log that it reads. */
  final void attachedTo(LogId name) {
    log = Optional.of(name);
  }

  /** Hands over the next event. */
  final void take(Event event, EventCursor next) {
    cursor = next;
    happened(event);
  }

  /** Whether it takes the event now. A snapshot, once begun, is taken whole. */
  final boolean hasRoomFor(EventBody body) {
    return room() > 0 || (body instanceof EventBody.SessionSnapshot page && page.page() > 1);
  }

  /** Whether it has a use for another log than the one that it read. */
  boolean mayRestart() {
    return false;
  }

  /** How many events it takes now. */
  abstract int room();

  /** The next event. */
  abstract void happened(Event event);

  /** The log has ended. */
  abstract void completed();

  /** It gets nothing any more. */
  abstract void failed(RuntimeException because);
}
