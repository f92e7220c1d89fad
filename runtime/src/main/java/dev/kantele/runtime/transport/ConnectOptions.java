package dev.kantele.runtime.transport;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.WireNumber;
import java.time.Duration;

/**
 * How a connection is made.
 *
 * @param connectTimeout how long that may take
 * @param halfClose whether the connection goes on receiving after the end of what it sends
 * @param sendBufferBytes what the system holds of what the peer has not taken; 0: as it likes
 * @param flushTimeout how long the peer may take nothing of what is left after the end of a stream
 */
public record ConnectOptions(
    Duration connectTimeout, boolean halfClose, int sendBufferBytes, Duration flushTimeout) {
  private static final int MAX = 1 << 30;

  public ConnectOptions {
    requireNonNull(connectTimeout, "connectTimeout");
    WireNumber.require("sendBufferBytes", sendBufferBytes, 0, MAX);
    requireNonNull(flushTimeout, "flushTimeout");
  }
}
