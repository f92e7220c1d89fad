package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.websocket.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSettingsTest {
  private static HttpSettings settings(String changes) {
    return HttpSettings.from(TestSettings.kantele("http {" + changes + "}"));
  }

  @Test
  void the_defaults_listen_to_this_machine_only() {
    HttpSettings settings = settings("");

    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.insecure()).isFalse();
    assertThat(settings.allowedOrigins()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "node.example.com", "10.1.2.3"})
  void a_host_that_others_reach_is_refused_without_an_authenticator(String host) {
    assertThatThrownBy(() -> settings("host = \"" + host + "\""))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "kantele.http.host: '%s' can be reached from other machines, and nobody is authenticated (expected: 127.0.0.1, or tokens in kantele.security, or kantele.http.insecure = true)"
                .formatted(host));
    assertThat(settings("insecure = true, host = \"" + host + "\"").host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "port = 65536",
        "port = -1",
        "insecure = maybe",
        "idle-timeout = 1ms",
        "allowed-origins = [\"app.example.com\"]",
        "allowed-origins = [\"https://app.example.com/\"]",
        "ports = 1"
      })
  void what_can_not_be_is_refused_with_its_key(String changes) {
    String key = changes.substring(0, changes.indexOf(' '));

    assertThatThrownBy(() -> settings(changes))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("kantele.http." + key);
  }
}
