package dev.kantele.runtime.transport;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;

/**
 * A connection that was taken.
 *
 * @param local its address on this side
 * @param remote its address on the other side
 * @param bytes what is sent goes in, what is received comes out; to be run once
 * @param home what a stream must have among its attributes to run where the socket is
 * @param handsOver whether the stream may end by a {@link HandOver}
 */
public record Connection(
    SocketAddress local,
    SocketAddress remote,
    Flow<ByteString, ByteString, NotUsed> bytes,
    Attributes home,
    boolean handsOver) {
  public Connection {
    requireNonNull(local, "local");
    requireNonNull(remote, "remote");
    requireNonNull(bytes, "bytes");
    requireNonNull(home, "home");
  }

  /** Runs {@code handler} between what is received and what is sent, where the socket is. */
  public <M> M run(Flow<ByteString, ByteString, M> handler, Materializer materializer) {
    return bytes.joinMat(handler, Keep.right()).addAttributes(home).run(materializer);
  }

  /**
   * As {@link #run}, for a handler whose first stage is a neighbour of the socket and may be lent
   * what the socket reads.
   *
   * @see Loan
   */
  public <M> M runLending(Flow<ByteString, ByteString, M> handler, Materializer materializer) {
    return bytes
        .joinMat(handler, Keep.right())
        .addAttributes(home.and(Attributes.apply(new Loan())))
        .run(materializer);
  }
}
