package dev.kantele.runtime.transport;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * A connection that a listener has taken, through all of its streams. Belongs to the thread of its
 * home.
 */
record TakenConnection(
    Home home,
    NativeSocket socket,
    SocketAddress local,
    SocketAddress remote,
    boolean halfClose,
    Duration flushTimeout) {

  /**
   * Has an acceptor run a stream.
   *
   * @param unread what the stream receives first
   * @param toSend what is sent before what the stream sends
   * @return as the acceptor does
   * @throws IllegalStateException if the acceptor has run none; the connection is reset then
   */
  CompletionStage<?> run(ByteString unread, ByteString toSend, Transport.Acceptor acceptor) {
    var stage = new SocketStage(this, unread, toSend);
    boolean thrown = true;
    try {
      CompletionStage<?> over =
          acceptor.accept(
              new Connection(
                  local, remote, Flow.fromGraph(stage), home.attributes(), /* handsOver= */ true));
      thrown = false;
      if (!stage.isRun()) {
        socket.reset();
        throw new IllegalStateException("runs: 0 (expected: 1, before the acceptor returns)");
      }
      return over;
    } finally {
      if (thrown && !stage.isRun()) {
        socket.reset();
      }
    }
  }

  /** Goes on with the next stream. */
  void goOn(HandOver to) {
    CompletionStage<?> _ =
        run(
            to.unread(),
            to.toSend(),
            connection -> {
              to.next().accept(connection);
              return CompletableFuture.completedStage(Done.getInstance());
            });
  }
}
