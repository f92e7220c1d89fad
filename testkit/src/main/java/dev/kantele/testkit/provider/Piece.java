package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What a {@link FakeProvider} sends next, or does. */
public sealed interface Piece {
  /** Bytes of the body: one whole event of the wire. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares pieces.
  record Data(byte[] bytes) implements Piece {
    public Data {
      requireNonNull(bytes, "bytes");
    }
  }

  /** Silence. */
  record Pause(Duration duration) implements Piece {
    public Pause {
      requireNonNull(duration, "duration");
    }
  }

  /** The answer ends here, as if it were whole. */
  record Cut() implements Piece {}

  /** Nothing more comes, and the connection stays. */
  record Silence() implements Piece {}

  /** A server-sent event without a name. */
  static Data event(String data) {
    return new Data(("data: " + data + "\n\n").getBytes(UTF_8));
  }

  /** A server-sent event with a name. */
  static Data event(String name, String data) {
    return new Data(("event: " + name + "\ndata: " + data + "\n\n").getBytes(UTF_8));
  }
}
