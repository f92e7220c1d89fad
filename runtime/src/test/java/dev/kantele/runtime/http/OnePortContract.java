package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.transport.Transport;
import dev.kantele.runtime.websocket.RawPeer;
import dev.kantele.runtime.websocket.TestFront;
import dev.kantele.runtime.websocket.frame.ClientFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections, by their first request; to be run for each transport. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnePortContract {
  private static final String LIVE = "GET /health/live HTTP/1.1\nHost: localhost\n";
  private static final String UPGRADE =
      """
      GET /v1/ws HTTP/1.1
      Host: localhost
      Connection: keep-alive, Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      """;
  private static final String HELLO =
      "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c\"}";

  private final ActorSystem<Void> system = TestFront.system();
  private final Transport transport = transport(system);
  private final TestFront front = start("");

  /** The transport. */
  abstract Transport transport(ActorSystem<?> of);

  @AfterAll
  void stop() {
    front.close();
    system.terminate();
  }

  private TestFront start(String changes) {
    return TestFront.start(system, changes, Optional.of(transport));
  }

  private static byte[] head(String lines) {
    return (lines.replace("\n", "\r\n") + "\r\n").getBytes(ISO_8859_1);
  }

  private static void assertWelcome(RawPeer peer) throws IOException {
    assertThat(peer.read().text()).contains("\"welcome\"");
  }

  private static String liveBody(RawPeer peer) throws IOException {
    return peer.body("{\"status\":\"live\"}".length());
  }

  @Nested
  class An_upgrade {
    @Test
    void that_comes_first_makes_a_web_socket() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        assertThat(peer.request(UPGRADE))
            .isEqualTo(
                """
                HTTP/1.1 101 Switching Protocols
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

                """
                    .replace("\n", "\r\n"));
        peer.send(HELLO);
        assertWelcome(peer);
      }
    }

    @Test
    void may_have_the_first_frame_right_behind_it() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head(UPGRADE));
        all.writeBytes(ClientFrames.text(HELLO));
        peer.write(all.toByteArray());

        assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
        assertWelcome(peer);
      }
    }

    @Test
    void may_come_byte_by_byte() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        for (byte b : head(UPGRADE)) {
          peer.write(new byte[] {b});
        }
        assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
        peer.send(HELLO);
        assertWelcome(peer);
      }
    }

    @Test
    void may_come_after_other_requests_too() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        assertThat(peer.request(LIVE)).startsWith("HTTP/1.1 200 ");
        assertThat(liveBody(peer)).isEqualTo("{\"status\":\"live\"}");

        assertThat(peer.request(UPGRADE)).startsWith("HTTP/1.1 101 ");
        peer.send(HELLO);
        assertWelcome(peer);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Origin: https://evil.example.com",
          "Sec-WebSocket-Protocol: graphql-ws",
          "Sec-WebSocket-Version: 8",
          "Sec-WebSocket-Key: short",
          "Connection: close",
          "Host: other"
        })
    void that_is_refused_is_refused_as_pekko_http_does(String header) throws IOException {
      String name = header.substring(0, header.indexOf(':') + 1);
      String changed =
          String.join(
              "\n",
              UPGRADE
                  .lines()
                  .filter(line -> !line.startsWith(name) || name.equals("Host:"))
                  .toList());
      try (TestFront other = TestFront.start(system, "", Optional.empty());
          RawPeer here = RawPeer.open(front.address());
          RawPeer there = RawPeer.open(other.address())) {
        String lines = changed + "\n" + header + "\n";
        String response = here.request(lines);

        assertThat(response).doesNotStartWith("HTTP/1.1 101");
        assertThat(withoutDate(response)).isEqualTo(withoutDate(there.request(lines)));
      }
    }

    private static String withoutDate(String head) {
      return head.replaceAll("Date: .*\r\n", "");
    }
  }

  @Nested
  class Any_other_request {
    @Test
    void is_answered_though_its_head_comes_in_pieces() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        for (byte b : head(LIVE)) {
          peer.write(new byte[] {b});
        }
        assertThat(peer.head()).startsWith("HTTP/1.1 200 ");
        assertThat(liveBody(peer)).isEqualTo("{\"status\":\"live\"}");
      }
    }

    @Test
    void is_answered_in_its_order() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head(LIVE));
        all.writeBytes(head(LIVE.replace("/health/live", "/nowhere")));
        peer.write(all.toByteArray());

        assertThat(peer.head()).startsWith("HTTP/1.1 200 ");
        assertThat(liveBody(peer)).isEqualTo("{\"status\":\"live\"}");
        assertThat(peer.head()).startsWith("HTTP/1.1 404 ");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\u0016\u0003\u0001\u0002\u0000",
          "GET  / HTTP/1.1\r\n\r\n",
          "G\u00e9T / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n"
        })
    void that_is_none_is_told_so(String bytes) throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        peer.write(bytes.getBytes(ISO_8859_1));

        assertThat(peer.head()).matches("(?s)HTTP/1\\.1 (400|501|505) .*");
      }
    }

    @Test
    void that_is_endless_is_told_so() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        peer.write(("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000)).getBytes(ISO_8859_1));

        assertThat(peer.head()).startsWith("HTTP/1.1 431 ");
      }
    }
  }

  @Nested
  class The_time_limit {
    @Test
    void ends_a_request_that_is_not_whole_in_time() throws IOException {
      try (TestFront own = start("http.head-timeout = 100ms");
          RawPeer peer = RawPeer.open(own.address())) {
        peer.write("GET /health/live HTTP/1.1\r\nHost:".getBytes(ISO_8859_1));

        assertThat(peer.head()).startsWith("HTTP/1.1 408 ");
        assertThat(peer.readToEnd()).isZero();
      }
    }

    @Test
    void ends_a_connection_without_a_request_without_a_word() throws IOException {
      try (TestFront own = start("http.head-timeout = 100ms");
          RawPeer peer = RawPeer.open(own.address())) {
        assertThat(peer.readToEnd()).isZero();
      }
    }

    @Test
    void for_idle_connections_ends_them() throws IOException {
      try (TestFront own = start("http.idle-timeout = 100ms, websocket.heartbeat = 100ms");
          RawPeer peer = RawPeer.open(own.address())) {
        assertThat(peer.request(LIVE)).startsWith("HTTP/1.1 200 ");
        assertThat(liveBody(peer)).isNotEmpty();

        assertThat(peer.readToEnd()).isZero();
      }
    }
  }

  @Nested
  class The_limit_of_connections {
    @Test
    void is_for_those_that_are_no_web_sockets() throws IOException {
      try (TestFront own = start("http.max-connections = 1");
          RawPeer direct = RawPeer.open(own.address())) {
        assertThat(direct.request(UPGRADE)).startsWith("HTTP/1.1 101 ");
        try (RawPeer later = RawPeer.open(own.address())) {
          assertThat(later.request(LIVE)).startsWith("HTTP/1.1 200 ");
          assertThat(liveBody(later)).isNotEmpty();
          assertThat(later.request(UPGRADE)).startsWith("HTTP/1.1 101 ");
          try (RawPeer waiting = RawPeer.open(own.address());
              RawPeer third = RawPeer.open(own.address())) {
            assertThat(waiting.request(LIVE)).startsWith("HTTP/1.1 200 ");
            third.write(head(LIVE));
            waiting.reset();
            assertThat(third.head()).startsWith("HTTP/1.1 200 ");
          }
        }
      }
    }
  }

  @Nested
  class Closing {
    @Test
    void ends_what_has_asked_for_nothing_and_what_is_idle_at_once() throws IOException {
      TestFront own = start("http { shutdown-timeout = 1h, head-timeout = 1h }");
      try (RawPeer silent = RawPeer.open(own.address());
          RawPeer half = RawPeer.open(own.address());
          RawPeer idle = RawPeer.open(own.address())) {
        half.write("GET /".getBytes(ISO_8859_1));
        assertThat(idle.request(LIVE)).startsWith("HTTP/1.1 200 ");
        assertThat(liveBody(idle)).isNotEmpty();

        own.close();

        for (RawPeer peer : List.of(silent, half, idle)) {
          assertThat(peer.readToEnd()).isZero();
        }
      }
    }

    @Test
    void waits_for_a_response_that_is_on_its_way() throws Exception {
      TestFront own = start("http.shutdown-timeout = 1h");
      var reply = new CompletableFuture<dev.kantele.protocol.Reply>();
      own.sessions().replyBy(_ -> reply);
      try (RawPeer peer = RawPeer.open(own.address())) {
        peer.write(head("GET /v1/sessions/s HTTP/1.1\nHost: localhost\n"));
        own.sessions().nextCommand();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(own::close);
        reply.completeExceptionally(new ExecutionException("on purpose", null));

        assertThat(peer.head()).startsWith("HTTP/1.1 5");
        closed.get(10, TimeUnit.SECONDS);
      }
    }

    @Test
    void gives_up_a_response_after_the_time_limit() throws Exception {
      TestFront own = start("http.shutdown-timeout = 100ms");
      own.sessions().replyBy(_ -> new CompletableFuture<>());
      try (RawPeer peer = RawPeer.open(own.address())) {
        peer.write(head("GET /v1/sessions/s HTTP/1.1\nHost: localhost\n"));
        own.sessions().nextCommand();

        own.close();
      }
    }
  }
}
