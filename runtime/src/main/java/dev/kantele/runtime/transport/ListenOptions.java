package dev.kantele.runtime.transport;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.WireNumber;
import java.time.Duration;

/**
 * How a listener takes connections.
 *
 * @param backlog connections that wait to be taken; the system may hold fewer
 * @param maxConnections connections at a time; while there are as many, no more are taken
 * @param halfClose whether a connection goes on receiving after the end of what it sends
 * @param sendBufferBytes what the system holds of what a peer has not taken; 0: as it likes
 * @param flushTimeout how long a peer may take nothing of what is left after the end of a stream
 */
public record ListenOptions(
    int backlog,
    int maxConnections,
    boolean halfClose,
    int sendBufferBytes,
    Duration flushTimeout) {
  private static final int MAX = 1 << 30;

  public ListenOptions {
    WireNumber.require("backlog", backlog, 1, MAX);
    WireNumber.require("maxConnections", maxConnections, 1, MAX);
    WireNumber.require("sendBufferBytes", sendBufferBytes, 0, MAX);
    requireNonNull(flushTimeout, "flushTimeout");
  }
}
