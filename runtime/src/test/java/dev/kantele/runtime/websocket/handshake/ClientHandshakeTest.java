package dev.kantele.runtime.websocket.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455, section 4.1. */
final class ClientHandshakeTest {
  private static final String RIGHT =
      """
      HTTP/1.1 101 Switching Protocols
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Accept: ACCEPT
      """;

  private final ClientHandshake handshake =
      ClientHandshake.of(
          new ClientRequest(
              "example.com:8080",
              "/chat?room=1",
              List.of("chat", "superchat"),
              Optional.of(DeflateSettings.DEFAULT),
              List.of(new HeaderField("Authorization", "Bearer x"))),
          new SecureRandom());

  private static String key(ClientHandshake handshake) {
    return new String(handshake.head(), ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith("Sec-WebSocket-Key: "))
        .map(line -> line.substring(19))
        .findFirst()
        .orElseThrow();
  }

  private static ClientHandshake.Outcome check(ClientHandshake handshake, String response) {
    String head =
        response.replace("ACCEPT", HandshakeKey.accept(key(handshake))).replace("\n", "\r\n")
            + "\r\n";
    return handshake.check(head.getBytes(ISO_8859_1));
  }

  private String failure(String response) {
    return ((ClientHandshake.Outcome.Failed) check(handshake, response)).reason();
  }

  @Test
  void the_request_asks_for_all_that_is_wanted() {
    assertThat(new String(handshake.head(), ISO_8859_1).replace(key(handshake), "KEY"))
        .isEqualTo(
            """
            GET /chat?room=1 HTTP/1.1
            Host: example.com:8080
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: KEY
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: chat, superchat
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
            Authorization: Bearer x

            """
                .replace("\n", "\r\n"));
    assertThat(HandshakeKey.isValid(key(handshake))).isTrue();
  }

  @Test
  void each_connection_has_a_key_of_its_own() {
    ClientRequest request = ClientRequest.of("a", "/");

    assertThat(key(ClientHandshake.of(request, new SecureRandom())))
        .isNotEqualTo(key(ClientHandshake.of(request, new SecureRandom())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nX: y"})
  void a_host_that_would_break_the_request_is_refused(String host) {
    assertThatThrownBy(() -> ClientRequest.of(host, "/"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "path", "/a b", "/a#b", "/a\r\nX: y", "/ä"})
  void a_target_that_would_break_the_request_is_refused(String target) {
    assertThatThrownBy(() -> ClientRequest.of("a", target))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_field_that_would_break_the_request_is_refused() {
    assertThatThrownBy(() -> new HeaderField("X", "a\r\nY: b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Nested
  class Responses {
    @Test
    void that_are_right_are_accepted() {
      assertThat(check(handshake, RIGHT))
          .isEqualTo(new ClientHandshake.Outcome.Accepted(Optional.empty(), Optional.empty()));
      assertThat(check(handshake, RIGHT + "sec-websocket-protocol: superchat\n"))
          .isEqualTo(
              new ClientHandshake.Outcome.Accepted(Optional.of("superchat"), Optional.empty()));
    }

    @Test
    void of_another_status_are_told() {
      assertThat(check(handshake, "HTTP/1.1 403 Forbidden\nContent-Length: 0\n"))
          .isEqualTo(new ClientHandshake.Outcome.Failed(403, "The server refused: status 403."));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "HTTP/1.0 101 X\n",
          "SSH-2.0\n",
          "HTTP/1.1 101 X\nno colon\n",
          "HTTP/1.1 101 X\n a: folded\n",
          "HTTP/1.1 101 X\na : b\n"
        })
    void that_are_no_http_are_refused(String response) {
      assertThat(failure(response)).isEqualTo("The response is not one of HTTP/1.1.");
    }

    @Test
    void to_another_key_are_refused() {
      assertThat(failure(RIGHT.replace("ACCEPT", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")))
          .isEqualTo("The response's Sec-WebSocket-Accept does not fit to the key.");
    }

    @ParameterizedTest
    @CsvSource({"Upgrade: websocket, Upgrade: h2c", "Connection: Upgrade, Connection: close"})
    void that_upgrade_to_something_else_are_refused(String field, String other) {
      assertThat(failure(RIGHT.replace(field, other)))
          .isEqualTo("The response upgrades to something else than WebSocket.");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Sec-WebSocket-Protocol: other\n",
          "Sec-WebSocket-Protocol: chat, superchat\n",
          "Sec-WebSocket-Protocol: chat\nSec-WebSocket-Protocol: chat\n"
        })
    void with_a_subprotocol_that_was_not_offered_are_refused(String more) {
      assertThat(failure(RIGHT + more))
          .isEqualTo("The response names a subprotocol that was not offered.");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"other", "permessage-deflate, permessage-deflate", "permessage-deflate, other"})
    void with_an_extension_that_was_not_offered_are_refused(String extension) {
      assertThat(failure(RIGHT + "Sec-WebSocket-Extensions: " + extension + "\n"))
          .isEqualTo("The response names an extension that was not offered.");
    }

    @Test
    void with_compression_where_none_was_offered_are_refused() {
      ClientHandshake plain = ClientHandshake.of(ClientRequest.of("a", "/"), new SecureRandom());

      assertThat(check(plain, RIGHT + "Sec-WebSocket-Extensions: permessage-deflate\n"))
          .isInstanceOf(ClientHandshake.Outcome.Failed.class);
    }
  }

  @Nested
  class Compression {
    private ClientHandshake.Outcome response(DeflateSettings offered, String extension) {
      ClientHandshake client =
          ClientHandshake.of(ClientRequest.of("a", "/").compressing(offered), new SecureRandom());
      return check(client, RIGHT + "Sec-WebSocket-Extensions: " + extension + "\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            permessage-deflate | true | true | 15 | 15
            permessage-deflate; server_no_context_takeover | false | true | 15 | 15
            permessage-deflate; client_no_context_takeover | true | false | 15 | 15
            permessage-deflate; server_max_window_bits=9 | true | true | 9 | 15
            permessage-deflate; client_max_window_bits=8 | true | true | 15 | 8
            """)
    void is_what_the_server_says(
        String extension, boolean server, boolean client, int serverBits, int clientBits) {
      assertThat(response(DeflateSettings.DEFAULT, extension))
          .isEqualTo(
              new ClientHandshake.Outcome.Accepted(
                  Optional.empty(),
                  Optional.of(new DeflateParameters(server, client, serverBits, clientBits))));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "permessage-deflate; client_max_window_bits",
          "permessage-deflate; client_max_window_bits=16",
          "permessage-deflate; server_max_window_bits",
          "permessage-deflate; other",
          "permessage-deflate; server_no_context_takeover=1",
          "permessage-deflate; server_no_context_takeover; server_no_context_takeover"
        })
    void with_parameters_that_are_not_valid_fails(String extension) {
      assertThat(response(DeflateSettings.DEFAULT, extension))
          .isInstanceOf(ClientHandshake.Outcome.Failed.class);
    }

    @Test
    void that_does_not_grant_what_was_asked_for_fails() {
      var narrow = new DeflateSettings(1, 0, false, false, 10, 10);

      assertThat(response(narrow, "permessage-deflate; server_no_context_takeover"))
          .isEqualTo(
              new ClientHandshake.Outcome.Failed(
                  101, "The response says server_max_window_bits: 15 (expected: at most 10)."));
      assertThat(response(narrow, "permessage-deflate; server_max_window_bits=10"))
          .isEqualTo(
              new ClientHandshake.Outcome.Failed(
                  101, "The response does not grant server_no_context_takeover."));
      assertThat(
              response(
                  narrow,
                  "permessage-deflate; server_no_context_takeover; server_max_window_bits=10;"
                      + " client_max_window_bits=12"))
          .isInstanceOf(ClientHandshake.Outcome.Failed.class);
      assertThat(
              response(
                  narrow,
                  "permessage-deflate; server_no_context_takeover; server_max_window_bits=9"))
          .isEqualTo(
              new ClientHandshake.Outcome.Accepted(
                  Optional.empty(), Optional.of(new DeflateParameters(false, false, 9, 10))));
    }
  }
}
