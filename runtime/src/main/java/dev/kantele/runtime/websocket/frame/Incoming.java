package dev.kantele.runtime.websocket.frame;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;

/** What a client's frames amount to. */
public sealed interface Incoming {
  /** A whole text message, whatever the number of its fragments. */
  record Text(String text) implements Incoming {
    public Text {
      requireNonNull(text, "text");
    }
  }

  /** A ping, to be answered by a pong with the same data. */
  record Ping(ByteString data) implements Incoming {
    public Ping {
      requireNonNull(data, "data");
    }
  }

  /** A pong. */
  record Pong() implements Incoming {}

  /** The client's close frame; without code if it gave none. */
  record Close(OptionalInt code) implements Incoming {
    public Close {
      requireNonNull(code, "code");
    }
  }

  /** What the client sent breaks the rules or a limit, and the connection must be closed. */
  record Violation(CloseCode code, String reason) implements Incoming {
    public Violation {
      requireNonNull(code, "code");
      requireNonNull(reason, "reason");
    }
  }
}
