package dev.kantele.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080, http://127.0.0.1:8080, ws://127.0.0.1:8080/v1/ws",
    "http://localhost, http://localhost, ws://localhost/v1/ws",
    "http://localhost/, http://localhost, ws://localhost/v1/ws",
    "https://agents.example.org/node/, https://agents.example.org/node, wss://agents.example.org/node/v1/ws",
    "ws://127.0.0.1:9, http://127.0.0.1:9, ws://127.0.0.1:9/v1/ws",
    "WSS://host, https://host, wss://host/v1/ws",
    "http://[::1]:8080, http://[::1]:8080, ws://[::1]:8080/v1/ws"
  })
  void an_address_has_one_form_and_one_endpoint(String text, String shown, String endpoint) {
    NodeUrl url = NodeUrl.parse(text);

    assertThat(url).hasToString(shown);
    assertThat(url.webSocket()).hasToString(endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8080", "localhost:8080", "ftp://localhost", "http://", "http://a b"})
  void what_is_no_address_is_refused(String text) {
    assertThatThrownBy(() -> NodeUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("url: '" + text + "' (expected: an address such as http://127.0.0.1:8080)");
  }
}
