package dev.kantele.protocol.client;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;

/** What replies mean to those who wait for a certain one. */
final class Replies {
  /** Returns what {@code reply} acknowledges, or throws what it refuses. */
  static <T extends AckBody> T requireAck(Reply reply, Class<T> body) {
    return switch (reply) {
      case Reply.Ack ack when body.isInstance(ack.body()) -> body.cast(ack.body());
      case Reply.Nack nack -> throw new CommandRefusedException(nack.error());
      case Reply.Ack _, Reply.Welcome _, Reply.Pong _ ->
          throw new ConnectionEndedException(
              Reason.BROKEN, "the node answered with something else than was asked for");
    };
  }

  private Replies() {}
}
