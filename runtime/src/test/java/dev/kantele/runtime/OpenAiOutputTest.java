package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestTool.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.EventBody.TurnOutputRejected;
import dev.kantele.runtime.model.http.FakeVendor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a prompt's {@code output_schema} comes to with a server that is called as OpenAI's is. */
@Timeout(60)
final class OpenAiOutputTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["city"], "additionalProperties": false,
        "properties": {"city": {"type": "string"}}}
      """;

  private final FakeVendor server = new FakeVendor();
  private final TestKantele node =
      TestKantele.start(
          "kantele.models.openai { base-url = \"%s/v1\", api-key = none }".formatted(server.url()));
  private final Session session = node.open();
  private final Subscriber subscriber = Subscriber.of(session);

  @AfterEach
  void stop() {
    node.close();
    server.close();
  }

  private void ask() {
    session.submit(prompt(session, "openai/some/model", json(SCHEMA)));
  }

  private String answering(String json) {
    return FakeVendor.HEAD
        + "data: {\"choices\":[{\"delta\":{\"content\":\""
        + json.replace("\"", "\\\"")
        + "\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
  }

  @Test
  void is_asked_of_the_server_and_given_as_the_turns_output() {
    server.then(answering("{\"city\":\"Oulu\"}"));

    ask();

    assertThat(((TurnCompleted) subscriber.awaitTurnEnd()).output())
        .contains(json("{\"city\":\"Oulu\"}"));
    JsonNode format = json(server.call().body()).path("response_format").path("json_schema");
    assertThat(format.path("strict").asBoolean()).isTrue();
    assertThat(format.path("schema")).isEqualTo(json(SCHEMA));
  }

  @Test
  void is_asked_for_again_where_it_does_not_fit() {
    server.then(answering("{\"town\":\"Oulu\"}")).then(answering("{\"city\":\"Oulu\"}"));

    ask();

    assertThat(((TurnCompleted) subscriber.awaitTurnEnd()).output())
        .contains(json("{\"city\":\"Oulu\"}"));
    String told = subscriber.seen(TurnOutputRejected.class).getFirst().message();
    assertThat(told).contains("output.city: missing", "output.town: not known");
    server.call();
    assertThat(json(server.call().body()).path("messages").findValuesAsText("content"))
        .endsWith("{\"town\":\"Oulu\"}", told);
  }

  @Test
  void that_never_comes_fails_the_turn() {
    server.then(answering("Oulu"));

    ask();

    assertThat(((TurnFailed) subscriber.awaitTurnEnd()).error().code()).isEqualTo("invalid_output");
    assertThat(subscriber.seen(StreamCompleted.class)).hasSize(3);
  }
}
