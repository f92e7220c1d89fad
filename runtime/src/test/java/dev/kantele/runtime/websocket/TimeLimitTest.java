package dev.kantele.runtime.websocket;

import static dev.kantele.runtime.websocket.frame.ClientFrames.CLOSE;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Time limits over a real socket; the limits are short, and nothing but the server waits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TimeLimitTest {
  private static final SessionId S = new SessionId("s");
  private static final String ATTACH =
      "{\"type\":\"session.attach\",\"id\":\"a\",\"session\":\"s\",\"after\":0}";

  private final ActorSystem<Void> system = TestFront.system();

  @AfterAll
  void stop() {
    system.terminate();
  }

  @Test
  void who_says_no_hello_is_closed() throws IOException {
    try (TestFront front = TestFront.start(system, "websocket.hello-timeout = 50ms");
        RawPeer peer = RawPeer.connect(front.address())) {
      assertThat(peer.readCloseCode()).isEqualTo(4400);
      peer.reset();
    }
  }

  @Test
  void who_answers_no_ping_is_closed() throws IOException {
    try (TestFront front = TestFront.start(system, "websocket.heartbeat = 60ms");
        RawPeer peer = RawPeer.greeted(front.address(), "c")) {
      assertThat(peer.read().opcode()).isEqualTo(PING);
      assertThat(peer.read().opcode()).isEqualTo(PING);
      RawPeer.Frame close = peer.read();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat(close.closeCode()).isEqualTo(4408);
      peer.reset();
    }
  }

  @Test
  void who_does_not_answer_a_close_is_dropped() throws IOException {
    try (TestFront front = TestFront.start(system, "websocket.close-timeout = 50ms");
        RawPeer peer = RawPeer.greeted(front.address(), "c")) {
      peer.send("{\"type\":\"goodbye\",\"id\":\"g\"}");
      assertThat(peer.readCloseCode()).isEqualTo(1000);

      assertThat(peer.readToEnd()).isZero();
    }
  }

  @Test
  void draining_does_not_wait_longer_than_for_the_answer_to_a_close() throws IOException {
    try (TestFront front = TestFront.start(system, "websocket.close-timeout = 50ms");
        RawPeer _ = RawPeer.greeted(front.address(), "c")) {
      front.drain();
    }
  }

  /** What is left to read when the time is long over is what the sockets held. */
  @Test
  void who_reads_nothing_and_says_nothing_is_dropped() throws IOException {
    try (TestFront front =
            TestFront.start(
                system,
                "websocket { heartbeat = 60ms, close-timeout = 60ms, hello-timeout = 100ms }");
        RawPeer peer = RawPeer.greeted(front.address(), "c")) {
      long bytes = append(front, 5_000);
      peer.send(ATTACH);

      for (int i = 0; i < 10; i++) {
        elapseHelloTimeout(front);
      }

      assertThat(peer.readToEnd()).isLessThan(bytes / 2);
    }
  }

  /** The peer reads nothing but asks on and on: its own writes get stuck, and then break. */
  @Test
  void who_reads_nothing_and_asks_on_and_on_is_dropped() throws IOException {
    try (TestFront front =
            TestFront.start(
                system,
                "websocket { heartbeat = 60ms, close-timeout = 60ms, reply-bytes = 20000,"
                    + " commands-per-second = 1000000, command-burst = 1000000 }");
        RawPeer peer = RawPeer.greeted(front.address(), "c")) {
      var pings = new ByteArrayOutputStream();
      for (int i = 0; i < 5_000; i++) {
        pings.writeBytes(text("{\"type\":\"ping\",\"id\":\"" + i + "\"}"));
      }
      byte[] many = pings.toByteArray();

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  peer.write(many);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_client_whose_command_takes_long_is_not_taken_for_silent() throws Exception {
    try (TestFront front =
            TestFront.start(system, "websocket { heartbeat = 60ms, max-commands-in-flight = 1 }");
        RawPeer peer = RawPeer.greeted(front.address(), "c")) {
      var reply = new CompletableFuture<Reply>();
      front.sessions().replyBy(_ -> reply);
      peer.send("{\"type\":\"session.status\",\"id\":\"x\",\"session\":\"s\"}");
      for (int i = 0; i < 8; i++) {
        assertThat(peer.read().opcode()).isEqualTo(PING);
      }
      reply.complete(front.sessions().standardReply(front.sessions().nextCommand().command()));

      RawPeer.Frame frame = peer.read();
      while (frame.opcode() == PING) {
        frame = peer.read();
      }
      assertThat(frame.text()).contains("ack");
      peer.reset();
    }
  }

  private static void elapseHelloTimeout(TestFront front) throws IOException {
    try (RawPeer silent = RawPeer.connect(front.address())) {
      assertThat(silent.readCloseCode()).isEqualTo(4400);
      silent.reset();
    }
  }

  private static long append(TestFront front, int events) {
    for (int i = 0; i < events; i++) {
      front.sessions().append(S, 10_000);
    }
    return events * 10_000L;
  }
}
