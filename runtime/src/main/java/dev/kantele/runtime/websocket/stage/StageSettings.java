package dev.kantele.runtime.websocket.stage;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.frame.FrameLimits;
import java.time.Duration;

/**
 * The settings of one connection.
 *
 * @param limits what is taken from the peer
 * @param inPieces whether messages come as they arrive, as fragments, rather than whole
 * @param closeTimeout from the first close frame to the point where the connection is dropped
 * @param handshakeTimeout from a client's request to the end of the response's head
 * @param compression how to compress, where that was agreed on
 */
public record StageSettings(
    FrameLimits limits,
    boolean inPieces,
    Duration closeTimeout,
    Duration handshakeTimeout,
    DeflateSettings compression) {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  public StageSettings {
    requireNonNull(limits, "limits");
    requireNonNull(compression, "compression");
    requireTime("closeTimeout", closeTimeout);
    requireTime("handshakeTimeout", handshakeTimeout);
  }

  /** Whole messages of at most {@code messageBytes}, 5 seconds to close and 10 to connect. */
  public static StageSettings of(int messageBytes) {
    return new StageSettings(
        FrameLimits.of(messageBytes),
        /* inPieces= */ false,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        DeflateSettings.DEFAULT);
  }

  private static void requireTime(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: at least " + SHORTEST + ")");
    }
  }
}
