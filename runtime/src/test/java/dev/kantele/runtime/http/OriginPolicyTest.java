package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginPolicyTest {
  private static final List<String> ALLOWED = List.of("https://app.example.com", "null");

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, , localhost, true",
    "127.0.0.1, http://localhost:3000, 127.0.0.1:8080, true",
    "127.0.0.1, http://[::1]:3000, localhost, true",
    "127.0.0.1, https://app.example.com, 127.0.0.1:8080, true",
    "127.0.0.1, https://app.example.com:444, 127.0.0.1:8080, false",
    "127.0.0.1, null, 127.0.0.1, true",
    "127.0.0.1, http://evil.example.com, 127.0.0.1:8080, false",
    "127.0.0.1, http://localhost.example.com, localhost, false",
    "127.0.0.1, http://127.0.0.1.example.com, localhost, false",
    "127.0.0.1, http://rebound.example.com:8080, rebound.example.com:8080, false",
    "0.0.0.0, http://node.example.com, node.example.com:8080, true",
    "0.0.0.0, http://NODE.example.com:1, node.example.com, true",
    "0.0.0.0, http://other.example.com, node.example.com, false",
    "0.0.0.0, http://localhost, node.example.com, false",
    "0.0.0.0, http://node.example.com, , false",
    "0.0.0.0, http://[, node.example.com, false",
    "0.0.0.0, file://, node.example.com, false"
  })
  void a_page_may_connect_or_not(
      String listen, @Nullable String origin, @Nullable String host, boolean allowed) {
    var policy = new OriginPolicy(listen, ALLOWED);

    assertThat(policy.allows(Optional.ofNullable(origin), Optional.ofNullable(host)))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:8080, true",
    "127.0.0.1, localhost, true",
    "127.0.0.1, [::1]:8080, true",
    "127.0.0.1, , true",
    "127.0.0.1, app.example.com, true",
    "127.0.0.1, rebound.example.com:8080, false",
    "0.0.0.0, rebound.example.com:8080, true"
  })
  void a_request_may_name_the_node_so_or_not(
      String listen, @Nullable String host, boolean allowed) {
    var policy = new OriginPolicy(listen, ALLOWED);

    assertThat(policy.allowsHost(Optional.ofNullable(host))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
  void names_of_this_machine_to_itself(String host) {
    assertThat(Hosts.isLoopback(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "127.0.0.1.example.com", "10.0.0.1", "example.com", ""})
  void names_of_others(String host) {
    assertThat(Hosts.isLoopback(host)).isFalse();
  }
}
