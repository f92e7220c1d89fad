package dev.kantele.runtime.session;

import dev.kantele.protocol.Message;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a session, oldest first. Immutable; appending shares what was there. It may be
 * {@link #pack() packed} while nobody needs it; that shows in nothing but the memory it takes.
 */
public final class Transcript {
  /** No messages. */
  public static final Transcript EMPTY = new Transcript(null, 0);

  private final int size;

  /** What the messages were packed into; written before {@link #link} is cleared. */
  private @Nullable PackedMessages packed;

  /** The last message and what was there before it; null if there are none, or they are packed. */
  private volatile @Nullable Link link;

  private record Link(Transcript earlier, Message last) {}

  private Transcript(@Nullable Link link, int size) {
    this.link = link;
    this.size = size;
  }

  /** A transcript of {@code messages}. */
  public static Transcript of(List<Message> messages) {
    Transcript transcript = EMPTY;
    for (Message message : messages) {
      transcript = transcript.append(message);
    }
    return transcript;
  }

  /** Returns the transcript with one more message. */
  public Transcript append(Message message) {
    return new Transcript(new Link(this, message), size + 1);
  }

  /** Returns the first {@code length} messages. */
  public Transcript first(int length) {
    Transcript transcript = this;
    Link last = transcript.link();
    while (transcript.size > length && last != null) {
      transcript = last.earlier;
      last = transcript.link();
    }
    return transcript;
  }

  /** Returns the messages from index {@code from} on. */
  public List<Message> from(int from) {
    var messages = new ArrayDeque<Message>(Math.max(1, size - from));
    Link last = link();
    for (int index = size; index > from && last != null; index--) {
      messages.addFirst(last.last);
      last = last.earlier.link();
    }
    return List.copyOf(messages);
  }

  /** Returns all messages. */
  public List<Message> messages() {
    return from(0);
  }

  /** How many messages there are. */
  public int size() {
    return size;
  }

  /**
   * Makes it take less memory until somebody looks at a message again, if it is large enough for
   * that to be worth it.
   */
  public void pack() {
    if (link != null && PackedMessages.isWorthIt(messages())) {
      packed = PackedMessages.of(messages());
      link = null;
    }
  }

  /** Whether the messages are packed now. */
  boolean isPacked() {
    return size > 0 && link == null;
  }

  private @Nullable Link link() {
    Link now = link;
    PackedMessages from = packed;
    if (now == null && from != null) {
      // Whoever does the same at the same time comes to the same.
      now = of(from.messages()).link;
      link = now;
    }
    return now;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Transcript transcript
        && transcript.size == size
        && transcript.messages().equals(messages());
  }

  @Override
  public int hashCode() {
    return messages().hashCode();
  }

  @Override
  public String toString() {
    return messages().toString();
  }
}
