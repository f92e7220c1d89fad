package dev.kantele.runtime.websocket;

import static dev.kantele.runtime.websocket.frame.ClientFrames.BINARY;
import static dev.kantele.runtime.websocket.frame.ClientFrames.CLOSE;
import static dev.kantele.runtime.websocket.frame.ClientFrames.CONTINUATION;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PONG;
import static dev.kantele.runtime.websocket.frame.ClientFrames.TEXT;
import static dev.kantele.runtime.websocket.frame.ClientFrames.close;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.header;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static dev.kantele.runtime.websocket.frame.ClientFrames.unmasked;
import static dev.kantele.runtime.websocket.frame.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Peers that break rules, stop talking or stop listening, over a real socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostilePeerTest {
  private static final SessionId S = new SessionId("s");
  private static final String PING_COMMAND = "{\"type\":\"ping\",\"id\":\"p\"}";
  private static final String ATTACH =
      "{\"type\":\"session.attach\",\"id\":\"a\",\"session\":\"s\",\"after\":0}";

  private final ActorSystem<Void> system = TestFront.system();

  /** Time limits far away, so that what happens does not happen by them. */
  private final TestFront front =
      TestFront.start(
          system,
          "websocket { close-timeout = 1h, hello-timeout = 1h, heartbeat = 1h,"
              + " max-message-bytes = 50000, command-burst = 1000000 }");

  private int clients;

  /** With limits so far away, closing would never end if a test's connection were still there. */
  @AfterAll
  void stop() {
    front.close();
    system.terminate();
  }

  private RawPeer peer() throws IOException {
    clients++;
    return RawPeer.greeted(front.address(), "client " + clients);
  }

  @Nested
  class Breaking_rules {
    private void closes(int code, byte[]... frames) throws IOException {
      try (RawPeer peer = peer()) {
        for (byte[] frame : frames) {
          peer.write(frame);
        }
        assertThat(peer.readCloseCode()).isEqualTo(code);

        peer.write(close(code, ""));
        assertThat(peer.readToEnd()).isZero();
      }
    }

    @Test
    void by_a_frame_without_mask() throws IOException {
      closes(1002, unmasked(TEXT, utf8(PING_COMMAND)));
    }

    @Test
    void by_a_reserved_bit() throws IOException {
      byte[] frame = text(PING_COMMAND);
      frame[0] |= 0x40;
      closes(1002, frame);
    }

    @Test
    void by_a_continuation_of_nothing() throws IOException {
      closes(1002, frame(true, CONTINUATION, utf8("x")));
    }

    @Test
    void by_a_binary_message() throws IOException {
      closes(1003, frame(true, BINARY, utf8(PING_COMMAND)));
    }

    @Test
    void by_text_that_is_none() throws IOException {
      closes(1007, frame(true, TEXT, new byte[] {'{', (byte) 0xC3, (byte) 0x28, '}'}));
    }

    @Test
    void by_a_message_that_is_too_large() throws IOException {
      closes(1009, frame(true, TEXT, new byte[50_001]));
    }

    @Test
    void by_fragments_that_are_too_large_together() throws IOException {
      closes(
          1009,
          frame(false, TEXT, new byte[30_000]),
          frame(false, CONTINUATION, new byte[20_000]),
          frame(true, CONTINUATION, new byte[1]));
    }

    @Test
    void by_announcing_more_than_it_will_ever_send() throws IOException {
      try (RawPeer peer = peer()) {
        peer.write(header(true, TEXT, 1L << 40));

        assertThat(peer.readCloseCode()).isEqualTo(1009);
      }
    }

    @Test
    void by_a_close_code_that_must_not_be_sent() throws IOException {
      try (RawPeer peer = peer()) {
        peer.write(close(1006, ""));

        assertThat(peer.readCloseCode()).isEqualTo(1002);
      }
    }

    @Test
    void before_hello_too() throws IOException {
      try (RawPeer peer = RawPeer.connect(front.address())) {
        peer.write(frame(true, BINARY, utf8("x")));

        assertThat(peer.readCloseCode()).isEqualTo(1003);
      }
    }
  }

  @Nested
  class Within_the_rules {
    @Test
    void a_message_in_fragments_with_pings_between_them_is_one_message() throws IOException {
      try (RawPeer peer = peer()) {
        byte[] ping = utf8(PING_COMMAND);
        peer.write(frame(false, TEXT, Arrays.copyOf(ping, 7)));
        peer.write(frame(true, PING, utf8("now")));
        peer.write(frame(false, CONTINUATION, new byte[0]));
        peer.write(frame(true, PONG, utf8("unasked")));
        peer.write(frame(true, CONTINUATION, Arrays.copyOfRange(ping, 7, ping.length)));

        RawPeer.Frame pong = peer.read();
        assertThat(pong.opcode()).isEqualTo(PONG);
        assertThat(pong.text()).isEqualTo("now");
        assertThat(peer.read().text()).isEqualTo("{\"type\":\"pong\",\"re\":\"p\"}");
      }
    }

    @Test
    void a_message_byte_by_byte_is_one_message() throws IOException {
      try (RawPeer peer = peer()) {
        for (byte b : text(PING_COMMAND)) {
          peer.write(new byte[] {b});
        }

        assertThat(peer.read().text()).contains("pong");
      }
    }

    @Test
    void many_messages_at_once_are_answered_one_by_one() throws IOException {
      try (RawPeer peer = peer()) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
          all.writeBytes(text("{\"type\":\"ping\",\"id\":\"" + i + "\"}"));
        }
        peer.write(all.toByteArray());

        for (int i = 0; i < 500; i++) {
          assertThat(peer.read().text()).isEqualTo("{\"type\":\"pong\",\"re\":\"" + i + "\"}");
        }
      }
    }

    @Test
    void a_message_of_the_largest_size_is_read() throws IOException {
      try (RawPeer peer = peer()) {
        peer.send(PING_COMMAND + " ".repeat(50_000 - PING_COMMAND.length()));

        assertThat(peer.read().text()).contains("pong");
      }
    }

    @Test
    void a_close_is_answered_with_its_code_and_the_socket_ends() throws IOException {
      try (RawPeer peer = peer()) {
        peer.write(close(4123, "why not"));

        assertThat(peer.readCloseCode()).isEqualTo(4123);
        assertThat(peer.readToEnd()).isZero();
      }
    }

    @Test
    void a_close_without_code_is_answered_without_code() throws IOException {
      try (RawPeer peer = peer()) {
        peer.write(frame(true, CLOSE, new byte[0]));

        RawPeer.Frame answer = peer.read();
        assertThat(answer.opcode()).isEqualTo(CLOSE);
        assertThat(answer.text()).isEmpty();
      }
    }

    @Test
    void both_sides_may_close_at_once() throws IOException {
      try (RawPeer peer = peer()) {
        peer.send("{\"type\":\"goodbye\",\"id\":\"g\"}");
        peer.write(close(1000, ""));

        assertThat(peer.readCloseCode()).isEqualTo(1000);
        assertThat(peer.readToEnd()).isZero();
      }
    }
  }

  @Nested
  class Going_away {
    @Test
    void without_a_word_ends_nothing_but_its_subscriptions() throws Exception {
      try (TestFront own = TestFront.start(system, "websocket.close-timeout = 1h")) {
        RawPeer peer = RawPeer.greeted(own.address(), "c");
        peer.send(ATTACH);
        peer.read();

        peer.reset();
        own.drain();

        own.sessions().append(S, 10);
        try (RawPeer again = RawPeer.greeted(front.address(), "again")) {
          again.send(PING_COMMAND);
          assertThat(again.read().text()).contains("pong");
        }
      }
    }

    @Test
    void by_half_ends_the_connection() throws Exception {
      try (TestFront own = TestFront.start(system, "websocket.close-timeout = 1h");
          RawPeer peer = RawPeer.greeted(own.address(), "c")) {
        peer.shutdownOutput();

        assertThat(peer.readToEnd()).isZero();
        own.drain();
      }
    }

    @Test
    void within_a_message_ends_the_connection() throws Exception {
      try (TestFront own = TestFront.start(system, "websocket.close-timeout = 1h")) {
        try (RawPeer peer = RawPeer.greeted(own.address(), "c")) {
          peer.write(header(true, TEXT, 100));
        }
        own.drain();
      }
    }

    @Test
    void while_its_commands_are_on_their_way_ends_the_connection() throws Exception {
      try (TestFront own =
          TestFront.start(system, "websocket { close-timeout = 1h, max-commands-in-flight = 1 }")) {
        own.sessions().replyBy(_ -> new CompletableFuture<>());
        try (RawPeer peer = RawPeer.greeted(own.address(), "c")) {
          peer.send("{\"type\":\"session.status\",\"id\":\"x\",\"session\":\"s\"}");
          own.sessions().nextCommand();
        }
        own.drain();
      }
    }
  }
}
