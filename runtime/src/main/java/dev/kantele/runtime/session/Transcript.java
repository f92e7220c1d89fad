package dev.kantele.runtime.session;

import dev.kantele.protocol.Message;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of a session, oldest first. Immutable; appending shares what was there. */
public final class Transcript {
  /** No messages. */
  public static final Transcript EMPTY = new Transcript(null, null, 0);

  private final @Nullable Transcript earlier;
  private final @Nullable Message last;
  private final int size;

  private Transcript(@Nullable Transcript earlier, @Nullable Message last, int size) {
    this.earlier = earlier;
    this.last = last;
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
    return new Transcript(this, message, size + 1);
  }

  /** Returns the first {@code length} messages. */
  public Transcript first(int length) {
    Transcript transcript = this;
    while (transcript.size > length && transcript.earlier != null) {
      transcript = transcript.earlier;
    }
    return transcript;
  }

  /** Returns the messages from index {@code from} on. */
  public List<Message> from(int from) {
    var messages = new ArrayDeque<Message>(Math.max(1, size - from));
    Transcript transcript = this;
    while (transcript.size > from && transcript.last != null && transcript.earlier != null) {
      messages.addFirst(transcript.last);
      transcript = transcript.earlier;
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
