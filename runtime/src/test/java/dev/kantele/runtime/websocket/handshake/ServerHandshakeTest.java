package dev.kantele.runtime.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455, section 4.2, and RFC 7692, section 7.1. */
final class ServerHandshakeTest {
  private final Map<String, List<String>> fields = new LinkedHashMap<>();

  ServerHandshakeTest() {
    with("Host", "example.com");
    with("Upgrade", "websocket");
    with("Connection", "Upgrade");
    with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    with("Sec-WebSocket-Version", "13");
  }

  private void with(String name, String... values) {
    fields.put(name.toLowerCase(Locale.ROOT), List.of(values));
  }

  private ServerHandshake answer(String method, boolean http11, Optional<DeflateSettings> deflate) {
    return ServerHandshake.answer(
        method,
        http11,
        name -> fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()),
        List.of("chat", "superchat"),
        deflate);
  }

  private ServerHandshake answer() {
    return answer("GET", true, Optional.empty());
  }

  private ServerHandshake.Accepted accepted() {
    return (ServerHandshake.Accepted) answer();
  }

  private void isRefused(int status, String reason) {
    assertThat(answer())
        .isInstanceOfSatisfying(
            ServerHandshake.Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(status);
              assertThat(refused.reason()).isEqualTo(reason);
            });
  }

  @Nested
  class Requests {
    @Test
    void that_are_right_are_accepted_with_the_key_s_digest() {
      assertThat(accepted().fields())
          .containsExactly(
              new HeaderField("Upgrade", "websocket"),
              new HeaderField("Connection", "Upgrade"),
              new HeaderField("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
      assertThat(accepted().subprotocol()).isEmpty();
      assertThat(accepted().compression()).isEmpty();
    }

    @Test
    void may_write_the_words_in_any_case_and_among_others() {
      with("Upgrade", "h2c, WebSocket");
      with("Connection", "keep-alive", "UPGRADE");

      assertThat(answer()).isInstanceOf(ServerHandshake.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({"POST, true", "HEAD, true", "GET, false"})
    void of_another_method_or_version_are_none(String method, boolean http11) {
      assertThat(answer(method, http11, Optional.empty()))
          .isInstanceOf(ServerHandshake.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection"})
    void without_the_words_are_told_to_upgrade(String name) {
      with(name, "other");

      isRefused(426, "This is a WebSocket endpoint; connect to it with a WebSocket client.");
    }

    @Test
    void of_another_version_are_told_the_one_that_is_spoken() {
      with("Sec-WebSocket-Version", "8");

      isRefused(426, "WebSocket version 8 is not spoken here (expected: 13).");
      assertThat(((ServerHandshake.Refused) answer()).fields())
          .contains(new HeaderField("Sec-WebSocket-Version", "13"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "dGhlIHNhbXBsZSBub25jZQ",
          "dGhlIHNhbXBsZSBub25j",
          "????",
          "dGhlIHNhbXBsZSBub25jZQ==x"
        })
    void with_a_key_that_is_not_16_bytes_in_base64_are_refused(String key) {
      with("Sec-WebSocket-Key", key);

      isRefused(
          400, "Header Sec-WebSocket-Key is not valid (expected: one, of 16 bytes in base64).");
    }

    @Test
    void with_two_keys_or_two_hosts_are_refused() {
      with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==");
      isRefused(
          400, "Header Sec-WebSocket-Key is not valid (expected: one, of 16 bytes in base64).");
      with("Host", "a", "b");
      isRefused(400, "Header Host is not valid (expected: exactly one).");
    }

    @Test
    void get_the_first_of_their_subprotocols_that_is_spoken() {
      with("Sec-WebSocket-Protocol", "other, superchat", "chat");

      assertThat(accepted().subprotocol()).contains("superchat");
      assertThat(accepted().fields())
          .contains(new HeaderField("Sec-WebSocket-Protocol", "superchat"));
    }

    @Test
    void with_subprotocols_that_are_not_spoken_get_none() {
      with("Sec-WebSocket-Protocol", "other");

      assertThat(accepted().subprotocol()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat, chat", "two words", "a/b"})
    void with_subprotocols_that_are_no_list_of_names_are_refused(String value) {
      with("Sec-WebSocket-Protocol", value);

      isRefused(400, "Header Sec-WebSocket-Protocol is not valid (expected: names, each once).");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"a;", "a; =1", "a; b=", "a; b=\"c", "a; b=\"c d\"", "a b", ";", "a; b=c d"})
    void with_extensions_that_are_malformed_are_refused(String value) {
      with("Sec-WebSocket-Extensions", value);

      isRefused(
          400, "Header Sec-WebSocket-Extensions is not valid (expected: names with parameters).");
    }
  }

  @Nested
  class Compression {
    private final DeflateSettings settings = DeflateSettings.DEFAULT;

    private String answerTo(String offer, DeflateSettings with) {
      with("Sec-WebSocket-Extensions", offer);
      var accepted = (ServerHandshake.Accepted) answer("GET", true, Optional.of(with));
      return accepted.fields().stream()
          .filter(field -> field.name().equals("Sec-WebSocket-Extensions"))
          .map(HeaderField::value)
          .findFirst()
          .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            permessage-deflate | permessage-deflate
            permessage-deflate; client_max_window_bits | permessage-deflate
            permessage-deflate; client_max_window_bits=10 | permessage-deflate; client_max_window_bits=10
            permessage-deflate; client_max_window_bits="10" | permessage-deflate; client_max_window_bits=10
            permessage-deflate; server_max_window_bits=8 | permessage-deflate; server_max_window_bits=8
            permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=15
            permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover
            permessage-deflate; client_no_context_takeover | permessage-deflate; client_no_context_takeover
            x-webkit-deflate-frame, permessage-deflate | permessage-deflate
            permessage-deflate; server_max_window_bits=7, permessage-deflate | permessage-deflate
            """)
    void is_agreed_on_as_it_was_offered(String offer, String answer) {
      assertThat(answerTo(offer, settings)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "permessage-deflate; unknown",
          "permessage-deflate; server_no_context_takeover=1",
          "permessage-deflate; client_no_context_takeover=\"\\1\"",
          "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
          "permessage-deflate; server_max_window_bits",
          "permessage-deflate; server_max_window_bits=7",
          "permessage-deflate; server_max_window_bits=16",
          "permessage-deflate; server_max_window_bits=08",
          "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
          "permessage-deflate; client_max_window_bits=x",
          "permessage-bzip2"
        })
    void is_declined_where_the_offer_is_not_valid_and_the_connection_lives(String offer) {
      assertThat(answerTo(offer, settings)).isEqualTo("none");
    }

    @Test
    void is_none_where_this_side_does_not_want_it() {
      with("Sec-WebSocket-Extensions", "permessage-deflate");

      assertThat(accepted().compression()).isEmpty();
    }

    @Test
    void may_be_bounded_by_this_side() {
      var narrow = new DeflateSettings(1, 0, false, false, 10, 9);

      assertThat(answerTo("permessage-deflate; client_max_window_bits", narrow))
          .isEqualTo(
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                  + " server_max_window_bits=10; client_max_window_bits=9");
      assertThat(answerTo("permessage-deflate", narrow))
          .as("a client that does not name its window can't be told one")
          .doesNotContain("client_max_window_bits");
    }

    @Test
    void means_the_same_to_the_connection_as_to_the_client() {
      with(
          "Sec-WebSocket-Extensions",
          "permessage-deflate; server_no_context_takeover; server_max_window_bits=9;"
              + " client_max_window_bits=11");
      var accepted = (ServerHandshake.Accepted) answer("GET", true, Optional.of(settings));

      assertThat(accepted.compression()).contains(new DeflateParameters(false, true, 9, 11));
    }
  }
}
