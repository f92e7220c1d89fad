package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.http.FakeVendor;
import dev.kantele.runtime.model.http.FullPort;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** When a server that is called as OpenAI's is is called again. */
@Timeout(60)
final class OpenAiRetryTest {
  private static final String MODEL = "openai/some/model";

  private final FakeVendor server = new FakeVendor();
  private final TestKantele node = node("");
  private final Session session = node.open();
  private final Subscriber subscriber = Subscriber.of(session);

  private TestKantele node(String settings) {
    return TestKantele.start(
        """
        kantele.models.openai {
          base-url = "%s/v1"
          api-key = none
          %s
        }
        """
            .formatted(server.url(), settings));
  }

  @AfterEach
  void stop() {
    node.close();
    server.close();
  }

  private void start() {
    session.prompt(prompt(session, MODEL));
  }

  private static String answer(String text) {
    return FakeVendor.HEAD
        + "data: {\"choices\":[{\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
  }

  @Test
  void that_is_busy_is_left_alone_for_as_long_as_it_asks() {
    server
        .then("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
        .then(answer("Now."));

    start();

    Instant failed = subscriber.await(event -> event.body() instanceof StreamFailed).at();
    Instant again = subscriber.await(event -> event.body() instanceof StreamStarted).at();
    assertThat(Duration.between(failed, again))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
    assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
  }

  @Test
  void that_asks_for_a_pause_until_a_date_is_left_alone_until_then() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(3).atOffset(ZoneOffset.UTC));
    server
        .then("HTTP/1.1 503 Busy\r\nRetry-After: " + date + "\r\nContent-Length: 0\r\n\r\n")
        .then(answer("Now."));

    start();

    StreamFailed failed = subscriber.await(StreamFailed.class);
    Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    assertThat(failed.retryAt()).hasValueSatisfying(at -> assertThat(at).isAfterOrEqualTo(until));
    assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a full port refuses there")
  void that_takes_no_connection_is_called_again_and_then_given_up() throws IOException {
    try (var port = new FullPort();
        TestKantele impatient =
            node("connect-timeout = 100ms\nbase-url = \"" + port.url() + "/v1\"")) {
      Session there = impatient.open();
      Subscriber events = Subscriber.of(there);
      there.prompt(prompt(there, MODEL));

      assertThat(((TurnFailed) events.awaitTurnEnd()).error())
          .isEqualTo(
              new Failure(
                  "timeout",
                  "openai at %s did not take a connection within 100 ms".formatted(port.url()),
                  /* retryable= */ true));
      assertThat(events.seen(StreamFailed.class)).hasSize(3);
    }
  }
}
