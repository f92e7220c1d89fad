package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.ModelEvent.Failed;
import dev.kantele.runtime.model.http.Refusal;
import dev.kantele.runtime.model.http.VendorErrors;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChatErrorsTest {
  private static final String KEY = "my-own-key-of-another-server";

  private final VendorErrors errors = ChatErrors.of(Optional.of(new Secret(KEY)));

  private Failed refused(int status, String body) {
    return refused(status, body, Optional.empty(), Optional.empty());
  }

  private Failed refused(
      int status, String body, Optional<Duration> retryAfter, Optional<Boolean> shouldRetry) {
    return errors.refused(
        new Refusal(
            status, "application/json", body, retryAfter, shouldRetry, Optional.of("req_1")));
  }

  private static String error(String type, String code, String message) {
    return "{\"error\":{\"type\":\"%s\",\"code\":\"%s\",\"message\":\"%s\"}}"
        .formatted(type, code, message);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request, false",
    "401, unauthenticated, false",
    "402, insufficient_quota, false",
    "403, forbidden, false",
    "404, model_not_found, false",
    "408, timeout, true",
    "409, invalid_request, true",
    "413, request_too_large, false",
    "422, invalid_request, false",
    "429, rate_limited, true",
    "500, provider_unavailable, true",
    "502, provider_unavailable, true",
    "503, provider_unavailable, true",
    "529, provider_unavailable, true",
    "301, provider_error, false",
    "200, provider_error, false"
  })
  void a_status_has_a_code_and_says_whether_another_attempt_may_help(
      int status, String code, boolean retryable) {
    Failed failed = refused(status, "<html>not JSON</html>");

    assertThat(failed.failure().code()).isEqualTo(code);
    assertThat(failed.failure().retryable()).isEqualTo(retryable);
    assertThat(failed.failure().message())
        .contains(Integer.toString(status))
        .doesNotContain("html>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 | insufficient_quota | insufficient_quota | You exceeded your quota | insufficient_quota",
        "400 | invalid_request_error | context_length_exceeded | too long | context_length_exceeded",
        "400 | BadRequestError | 400 | This model's maximum context length is 4096 tokens | context_length_exceeded",
        "400 | exceed_context_size_error | 400 | the request exceeds | context_length_exceeded",
        "500 | server_error | | the context window is exceeded | context_length_exceeded",
      })
  void what_the_server_says_counts_for_more(
      int status, String type, String code, String message, String expected) {
    Failed failed = refused(status, error(type, code, message));

    assertThat(failed.failure().code()).isEqualTo(expected);
    assertThat(failed.failure().retryable()).isFalse();
  }

  @Test
  void a_pause_that_is_asked_for_is_passed_on_if_there_is_another_attempt() {
    var pause = Optional.of(Duration.ofSeconds(3));

    assertThat(refused(429, "", pause, Optional.empty()).retryAfter()).isEqualTo(pause);
    assertThat(refused(503, "", pause, Optional.empty()).retryAfter()).isEqualTo(pause);
    assertThat(refused(400, "", pause, Optional.empty()).retryAfter()).isEmpty();
  }

  @Test
  void the_server_may_know_better_whether_to_try_again() {
    assertThat(refused(500, "", Optional.empty(), Optional.of(false)).failure().retryable())
        .isFalse();
    assertThat(refused(400, "", Optional.empty(), Optional.of(true)).failure().retryable())
        .isTrue();
    assertThat(
            refused(429, error("insufficient_quota", "", ""), Optional.empty(), Optional.of(true))
                .failure()
                .retryable())
        .isFalse();
  }

  @Nested
  class TheMessage {
    private String message(int status, String said) {
      return refused(status, error("x", "y", said)).failure().message();
    }

    @Test
    void says_what_the_server_said_and_what_its_support_asks_for() {
      assertThat(message(400, "bad 'temperature'"))
          .isEqualTo("the server refused the call (400, request req_1): bad 'temperature'");
    }

    @Test
    void is_one_line_and_not_long() {
      String message = message(400, "a\\nb\\u001b[31m\\u2028c" + "\\uD83D\\uDE00".repeat(1_000));

      assertThat(message).contains("a b [31m c").hasSizeLessThan(400).endsWith("\uD83D\uDE00…");
    }

    @Test
    void has_no_key_in_it() {
      assertThat(message(400, "your key " + KEY + " is"))
          .doesNotContain(KEY)
          .contains("key *** is");
      assertThat(message(403, "Incorrect API key: sk-proj-12****7890."))
          .doesNotContain("proj")
          .doesNotContain("7890");
      assertThat(message(401, "Incorrect API key: abcd")).doesNotContain("abcd");
    }

    @Test
    void is_found_in_whatever_shape_servers_give_it() {
      assertThat(refused(400, "{\"error\":\"no such thing\"}").failure().message())
          .endsWith(": no such thing");
      assertThat(refused(400, "{\"object\":\"error\",\"message\":\"no\"}").failure().message())
          .endsWith(": no");
      assertThat(refused(422, "{\"detail\":\"none\"}").failure().message()).endsWith(": none");
    }
  }
}
