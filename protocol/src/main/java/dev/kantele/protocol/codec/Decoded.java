package dev.kantele.protocol.codec;

import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import java.util.Optional;

/** What became of a frame: a message, or the reason why it is none. */
public sealed interface Decoded<T> {
  /** The frame held {@code message}. */
  record Ok<T>(T message) implements Decoded<T> {}

  /**
   * The frame held no message that is valid; {@code re} is the command's id where that much was
   * readable.
   */
  record Rejected<T>(Optional<CommandId> re, WireError error) implements Decoded<T> {
    /** The reply that tells the client. */
    public Reply.Nack nack() {
      return new Reply.Nack(re, error);
    }
  }
}
