package dev.kantele.runtime.transport;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * What carries bytes between machines, or between processes of one. All transports behave alike:
 *
 * <ul>
 *   <li>Nothing is read without demand, beyond one element and what the system holds.
 *   <li>The end of what the peer sends completes the connection's bytes; what is sent may go on.
 *   <li>The end of what is sent is told to the peer after the last byte. With half-close, reading
 *       goes on; without, the connection ends.
 *   <li>A stream that fails, or cancels with a failure, resets the connection; a connection that is
 *       reset fails its stream.
 *   <li>Bytes that the peer does not take hold up the stream, and after its end they are dropped
 *       after the time limit of the options.
 * </ul>
 */
public interface Transport {
  /** The name by which {@code kantele.transport} and the log call it. */
  String name();

  /**
   * Listens. The stage fails if that can't be, with a {@link java.net.SocketException} or an {@link
   * java.nio.channels.UnresolvedAddressException} among the causes.
   *
   * @param address where to listen; port 0: any that is free
   * @param acceptor told of each connection
   */
  CompletionStage<Listener> listen(SocketAddress address, ListenOptions options, Acceptor acceptor);

  /**
   * A connection to be made, anew for each run of the flow. What it materializes completes with the
   * address on this side once there is a connection; it fails, as the stream does, if there is none
   * within the time limit. The stream must be run with the attributes of a {@link #home}.
   */
  Flow<ByteString, ByteString, CompletionStage<SocketAddress>> connect(
      SocketAddress remote, ConnectOptions options);

  /**
   * What a stream must have among its attributes to hold a connection that is to be made: it lets
   * the stream run where sockets are. Calls take turns between the places that there are.
   */
  Attributes home();

  /** Whoever takes the connections of a listener. */
  @FunctionalInterface
  interface Acceptor {
    /**
     * Runs a connection's stream, before it returns.
     *
     * @return completes, in whatever way, when the connection counts no more for {@link
     *     ListenOptions#maxConnections}
     */
    CompletionStage<?> accept(Connection connection);
  }
}
