package dev.kantele.runtime.service;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.protocol.codec.WireCodec;
import java.util.Optional;

/** Replies to what the node could not do, and replies as text. */
public final class Replies {
  /** What a client is told of a failure of the node; {@code error} names the entry in the log. */
  public static String failure(String error) {
    return "The node failed on this command (error " + error + "); it may be repeated.";
  }

  /** The reply to a message on which this side broke. */
  public static Reply failed(Decoded<Command> message, String error) {
    return switch (message) {
      case Decoded.Ok<Command>(var command) -> failed(Optional.of(command.id()), error);
      case Decoded.Rejected<Command>(var re, _) -> failed(re, error);
    };
  }

  /** A reply's text; one that has none, because of what a session put into it, is refused. */
  public static byte[] text(WireCodec codec, Reply reply) {
    try {
      return codec.encode(reply);
    } catch (RuntimeException e) {
      return codec.encode(failed(re(reply), Incident.logged("write a reply", e)));
    }
  }

  private static Reply failed(Optional<CommandId> re, String error) {
    return new Reply.Nack(re, WireError.of(ErrorCode.INTERNAL, failure(error)));
  }

  private static Optional<CommandId> re(Reply reply) {
    return switch (reply) {
      case Reply.Ack ack -> Optional.of(ack.re());
      case Reply.Nack nack -> nack.re();
      case Reply.Pong pong -> Optional.of(pong.re());
      case Reply.Welcome welcome -> Optional.of(welcome.re());
    };
  }

  private Replies() {}
}
