package dev.kantele.runtime.websocket.stage;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.handshake.ClientHandshake;
import org.apache.pekko.util.ByteString;

/** A client's handshake while the response comes in. */
final class ClientUpgrade {
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final ByteString END = ByteString.fromString("\r\n\r\n");

  /** How far it is. */
  sealed interface Progress {
    record Incomplete() implements Progress {}

    /** The connection is a WebSocket, to which {@code rest} belongs. */
    record Done(ClientHandshake.Outcome.Accepted accepted, ByteString rest) implements Progress {
      public Done {
        requireNonNull(accepted, "accepted");
        requireNonNull(rest, "rest");
      }
    }

    record Failed(String reason) implements Progress {
      public Failed {
        requireNonNull(reason, "reason");
      }
    }
  }

  private final ClientHandshake handshake;
  private ByteString head = ByteString.emptyByteString();

  ClientUpgrade(ClientHandshake handshake) {
    this.handshake = handshake;
  }

  ClientHandshake handshake() {
    return handshake;
  }

  /** Takes bytes of the response; they are copied. */
  Progress offer(ByteString bytes) {
    int from = Math.max(0, head.length() - END.length() + 1);
    head = ByteString.fromArray(head.concat(bytes).toArray());
    int end = head.indexOfSlice(END, from);
    if (end < 0) {
      return head.length() > MAX_HEAD_BYTES
          ? new Progress.Failed("The response's head has more than " + MAX_HEAD_BYTES + " bytes.")
          : new Progress.Incomplete();
    }
    int rest = end + END.length();
    return switch (handshake.check(head.take(rest).toArray())) {
      case ClientHandshake.Outcome.Accepted accepted ->
          new Progress.Done(accepted, head.drop(rest));
      case ClientHandshake.Outcome.Failed(var _, var reason) -> new Progress.Failed(reason);
    };
  }
}
