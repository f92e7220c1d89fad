package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.websocket.RawPeer;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers whose requests are HTTP, and who want what is not theirs, or more than their share. */
final class HostileCallerTest extends HostileClient {
  @Nested
  class A_token {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "Bearer %s bob",
          "Bearer \"%s\"",
          "Bearer bob,%s",
          "Token %s",
          "%s",
          "Bearer",
          ""
        })
    void that_is_not_written_as_it_should_be_is_refused_and_not_logged(String header)
        throws IOException {
      Response response =
          sendHead(
              "GET /v1/agents HTTP/1.1\nHost: localhost\nAuthorization: "
                  + header.formatted(TOKEN)
                  + "\n");

      assertThat(response.status()).isIn(400, 401);
    }

    @Test
    void that_is_huge_is_refused() throws IOException {
      assertThat(
              sendHead(
                      "GET /v1/agents HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
                          + "x".repeat(8_000)
                          + "\n")
                  .status())
          .isEqualTo(401);
    }

    @Test
    void in_the_url_is_none() throws IOException {
      for (String name : List.of("token", "access_token", "authorization")) {
        assertThat(
                sendHead("GET /v1/agents?" + name + "=" + TOKEN + " HTTP/1.1\nHost: localhost\n")
                    .status())
            .isEqualTo(401);
      }
      assertThat(
              sendHead("GET /v1/agents?token=" + TOKEN + "<> HTTP/1.1\nHost: localhost\n").status())
          .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Authorization: Bearer bob",
          "Origin: http://localhost\nOrigin: http://evil.example",
          "X-Kantele-Client: a\nx-kantele-client: b",
          "Last-Event-ID: log-1:0\nLast-Event-ID: log-1:1"
        })
    void or_what_else_says_who_asks_is_there_once(String headers) throws IOException {
      Response response = sendHead("GET /v1/sessions/s HTTP/1.1\n" + ANN + headers + "\n");

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.message()).contains("more than once");
      assertThat(front.sessions().commands()).isZero();
    }
  }

  @Nested
  class A_cursor {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "garbage",
          "log-1:-1",
          "log-1:99999999999999999999",
          ":",
          "log-1:0x1",
          "log-1:1e3",
          "log-1:"
        })
    void that_is_none_is_refused(String id) throws IOException {
      Response response =
          sendHead("GET /v1/sessions/s/events HTTP/1.1\n" + ANN + "Last-Event-ID: " + id + "\n");

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.message()).startsWith("Header Last-Event-ID is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "", "9007199254740992", "x", "1%20"})
    void as_a_parameter_that_is_none_is_refused(String after) throws IOException {
      Response response =
          sendHead("GET /v1/sessions/s/events?after=" + after + " HTTP/1.1\n" + ANN);

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.message()).startsWith("Parameter after is ");
    }

    @Test
    void that_is_long_is_not_repeated_whole() throws IOException {
      Response response =
          sendHead(
              "GET /v1/sessions/s/events HTTP/1.1\n"
                  + ANN
                  + "Last-Event-ID: "
                  + "x".repeat(8_000)
                  + "\n");

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.message()).hasSizeLessThan(200);
    }
  }

  @Nested
  class A_slow_one {
    @Test
    void that_sends_nothing_is_cut_off() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        assertThat(peer.readToEnd()).isZero();
      }
    }

    @Test
    void whose_head_does_not_end_is_cut_off_though_it_goes_on() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        assertThat(bytesUntilCutOff(peer, "GET /v1/agents HTTP/1.1\r\nX: ")).isBetween(1, 99);
      }
    }

    @Test
    void is_cut_off_after_a_response_as_well() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        assertThat(peer.request("GET /health/live HTTP/1.1\n" + ANN)).startsWith("HTTP/1.1 200 ");
        assertThat(bytesUntilCutOff(peer, "GET /")).isBetween(1, 99);
      }
    }

    /* Each byte is sent when the socket has none to read for a while; so nobody waits for a clock. */
    private static int bytesUntilCutOff(RawPeer peer, String first) throws IOException {
      peer.write(bytes(first));
      int more = 0;
      try {
        while (more < 100 && !peer.endsWithin(100)) {
          peer.write(bytes("a"));
          more++;
        }
      } catch (SocketException _) {
        // Cut off while it wrote.
      }
      return more;
    }

    @Test
    void that_reads_events_is_not_cut_off() throws Exception {
      front.sessions().append(new SessionId("slow"), 1);
      try (RawPeer peer = RawPeer.open(front.address())) {
        assertThat(peer.request("GET /v1/sessions/slow/events HTTP/1.1\n" + ANN))
            .startsWith("HTTP/1.1 200 ");
        front.sessions().nextCommand();
        assertThat(peer.endsWithin(1_500)).isFalse();
      }
    }
  }

  @Nested
  class Many_at_once {
    @Test
    void that_open_streams_and_go_leave_no_place_taken() throws Exception {
      for (int round = 0; round < 4; round++) {
        var peers = new ArrayList<RawPeer>();
        for (int i = 0; i < 40; i++) {
          RawPeer peer = RawPeer.open(front.address());
          peer.write(
              bytes(
                  ("GET /v1/sessions/many/events HTTP/1.1\n" + ANN + "\n").replace("\n", "\r\n")));
          peers.add(peer);
        }
        for (RawPeer peer : peers) {
          front.sessions().nextCommand();
          peer.reset();
        }
      }
      try (RawPeer last = RawPeer.open(front.address())) {
        String head = last.request("GET /v1/sessions/many/events HTTP/1.1\n" + ANN);
        front.sessions().nextCommand();
        assertThat(head).startsWith("HTTP/1.1 200 ");
      }
    }
  }
}
