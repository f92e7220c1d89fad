package dev.kantele.runtime.model.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms are those of Ollama's own envconfig/config_test.go. */
final class OllamaHostTest {
  @ParameterizedTest
  @CsvSource({
    "'', http://127.0.0.1:11434",
    "1.2.3.4, http://1.2.3.4:11434",
    ":1234, http://127.0.0.1:1234",
    "0.0.0.0, http://127.0.0.1:11434",
    "1.2.3.4:1234, http://1.2.3.4:1234",
    "http://1.2.3.4, http://1.2.3.4:80",
    "https://1.2.3.4, https://1.2.3.4:443",
    "https://example.com/ollama/, https://example.com:443/ollama",
    "example.com:56789/ollama, http://example.com:56789/ollama",
    "[::1], http://[::1]:11434",
    "::1, http://[::1]:11434",
    "[::1]:1337, http://[::1]:1337",
    "' 1.2.3.4 ', http://1.2.3.4:11434",
    "ollama.com, https://ollama.com:443"
  })
  void is_read_as_by_ollama(String setting, String url) {
    assertThat(OllamaHost.url(setting)).contains(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a", "http://me:secret@a", "a b", "http://a?b", "a:99999"})
  void that_is_none_is_refused(String setting) {
    assertThat(OllamaHost.url(setting)).isEmpty();
  }
}
