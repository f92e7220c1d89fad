package dev.kantele.runtime.websocket;

import static dev.kantele.runtime.websocket.frame.ClientFrames.CLOSE;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PONG;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/** The peer of a connection without a socket. Confined to the test's thread. */
final class VirtualPeer {
  final SourceQueueWithComplete<ByteString> in;
  final SinkQueueWithCancel<ByteString> out;
  private ByteBuffer received = ByteBuffer.allocate(0);

  VirtualPeer(WebSockets webSockets, ActorSystem<?> system) {
    var running =
        Source.<ByteString>queue(16, OverflowStrategy.backpressure())
            .via(webSockets.connection(InetAddress.getLoopbackAddress(), Optional.empty()))
            .toMat(Sink.<ByteString>queue(1), Keep.both())
            .run(system);
    in = running.first();
    out = running.second();
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }

  void send(byte[] frame) {
    get(in.offer(ByteString.fromArray(frame)));
  }

  /** Reads the next frame; none in these tests has more than 65,535 bytes. */
  RawPeer.Frame read() {
    while (!isWhole()) {
      ByteString more = get(out.pull()).orElseThrow();
      received = ByteString.fromByteBuffer(received).concat(more).asByteBuffer();
    }
    int opcode = received.get() & 0x0F;
    int length = received.get();
    byte[] payload = new byte[length == 126 ? received.getShort() & 0xFFFF : length];
    received.get(payload);
    return new RawPeer.Frame(opcode, false, payload);
  }

  private boolean isWhole() {
    ByteBuffer frame = received.slice();
    if (frame.remaining() < 4) {
      return frame.remaining() >= 2 && frame.get(1) + 2 <= frame.remaining();
    }
    int length = frame.get(1);
    return frame.remaining() >= (length == 126 ? 4 + (frame.getShort(2) & 0xFFFF) : 2 + length);
  }

  /** Makes sure that all that was sent before is done, and that the connection lives. */
  void settle() {
    send(frame(true, PING, utf8("?")));
    RawPeer.Frame pong = read();
    assertThat(pong.opcode()).isEqualTo(PONG);
    assertThat(pong.text()).isEqualTo("?");
  }

  void assertClosed(int code) {
    RawPeer.Frame close = read();
    assertThat(close.opcode()).isEqualTo(CLOSE);
    assertThat(close.closeCode()).isEqualTo(code);
  }
}
