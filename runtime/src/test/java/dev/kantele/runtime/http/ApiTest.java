package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.websocket.FakeSessions.Submitted;
import dev.kantele.runtime.websocket.TestFront;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final SessionId SESSION = new SessionId("s");
  private static final String PROMPT =
      "{\"type\":\"prompt\",\"id\":\"p-1\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ActorSystem<Void> system = TestFront.system();
  private final TestFront front =
      TestFront.start(
          system,
          """
          websocket.max-message-bytes = 10000
          http.allowed-origins = ["https://app.example.com"]
          security.limits { connections = 1, commands-per-second = 1, command-burst = 1000 }
          """,
          (token, _) ->
              CompletableFuture.completedStage(
                  switch (token.map(secret -> secret.reveal()).orElse("")) {
                    case "" -> new Authentication.Authenticated("nobody");
                    case "bad" -> new Authentication.Refused("The token is not valid.");
                    case "header" -> new Authentication.Authenticated("header");
                    case "eager" -> new Authentication.Authenticated("eager");
                    case "broken" -> throw new IllegalStateException("on purpose");
                    default -> new Authentication.Authenticated("ann");
                  }));

  @AfterAll
  void stop() {
    http.close();
    front.close();
    system.terminate();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + front.address().getPort() + path));
  }

  private HttpRequest.Builder post(String body) {
    return to("/v1/sessions/s/commands").POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    return JSON.readTree(response.body());
  }

  private static String code(HttpResponse<String> response) throws Exception {
    return json(response).at("/error/code").asText();
  }

  @Nested
  class A_command {
    @Test
    void goes_to_the_session_of_the_path_and_is_answered_by_its_reply() throws Exception {
      HttpResponse<String> response =
          send(post(PROMPT).header("X-Kantele-Client", "cli").header("Authorization", "Bearer ok"));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(json(response)).isEqualTo(JSON.readTree("{\"type\":\"ack\",\"re\":\"p-1\"}"));
      Submitted submitted = front.sessions().nextCommand();
      assertThat(submitted.client().principal()).isEqualTo("ann");
      assertThat(submitted.client().client().value()).isEqualTo("cli");
      assertThat(submitted.command())
          .isInstanceOfSatisfying(
              Command.Prompt.class,
              prompt -> {
                assertThat(prompt.session()).isEqualTo(SESSION);
                assertThat(prompt.seq()).isEqualTo(OptionalLong.empty());
                assertThat(prompt.content()).isEqualTo(List.of(new Part.Text("Hi")));
              });
    }

    @Test
    void may_leave_out_its_id_and_the_client_its_name() throws Exception {
      HttpResponse<String> response = send(post("{\"type\":\"session.status\"}"));

      assertThat(json(response).path("re").asText()).isNotEmpty();
      Submitted submitted = front.sessions().nextCommand();
      assertThat(submitted.client().client().value()).isEqualTo("http");
      assertThat(submitted.client().principal()).isEqualTo("nobody");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void that_is_refused_has_the_status_of_its_code(ErrorCode refusal) throws Exception {
      var error =
          new WireError(
              refusal,
              "Because.",
              refusal.retryable(),
              OptionalLong.empty(),
              OptionalLong.of(1_001));
      front
          .sessions()
          .replyBy(
              command ->
                  CompletableFuture.completedStage(
                      new Reply.Nack(Optional.of(command.id()), error)));

      HttpResponse<String> response = send(post(PROMPT));
      front.sessions().nextCommand();
      front
          .sessions()
          .replyBy(
              command -> CompletableFuture.completedStage(front.sessions().standardReply(command)));

      assertThat(response.statusCode()).isEqualTo(refusal.httpStatus());
      assertThat(code(response)).isEqualTo(refusal.wireName());
      if (refusal == ErrorCode.UNAUTHENTICATED) {
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
      } else {
        assertThat(response.headers().firstValue("retry-after")).contains("2");
      }
    }

    @Test
    void on_which_the_node_fails_tells_no_inside() throws Exception {
      front
          .sessions()
          .replyBy(_ -> CompletableFuture.failedStage(new IllegalStateException("inside")));

      HttpResponse<String> response = send(post(PROMPT));
      front.sessions().nextCommand();
      front
          .sessions()
          .replyBy(
              command -> CompletableFuture.completedStage(front.sessions().standardReply(command)));

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("internal").doesNotContain("inside", "Exception");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            nonsense                                   | invalid_message
            []                                         | invalid_message
            {"type":"prompt"}                          | invalid_argument
            {"type":"dance"}                           | unknown_type
            {"type":"session.status","session":"other"}| invalid_argument
            {"type":"session.attach","after":0}        | invalid_argument
            {"type":"session.detach"}                  | invalid_argument
            {"type":"session.list"}                    | invalid_argument
            {"type":"ping"}                            | invalid_argument
            """)
    void that_can_not_be_given_so_is_refused(String body, String refusal) throws Exception {
      HttpResponse<String> response = send(post(body));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(code(response)).isEqualTo(refusal);
      assertThat(front.sessions().commands()).isZero();
    }

    @Test
    void that_is_too_large_is_refused() throws Exception {
      HttpResponse<String> response = send(post(" ".repeat(10_001)));

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(json(response).at("/error/message").asText()).contains("at most 10000 bytes");
    }
  }

  @Nested
  class A_caller {
    @ParameterizedTest
    @ValueSource(strings = {"Bearer bad", "Bearer", "Bearer ", "Basic YTpi", "bad"})
    void without_a_good_token_is_refused(String authorization) throws Exception {
      HttpResponse<String> response = send(post(PROMPT).header("Authorization", authorization));

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(response.body()).doesNotContain("YTpi");
      assertThat(front.sessions().commands()).isZero();
    }

    @Test
    void that_sends_too_many_commands_is_told_when_to_go_on() throws Exception {
      HttpResponse<String> response =
          send(to("/v1/agents").header("Authorization", "Bearer eager"));
      for (int i = 0; i < 1_100 && response.statusCode() == 200; i++) {
        response = send(to("/v1/agents").header("Authorization", "Bearer eager"));
      }

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(code(response)).isEqualTo("rate_limited");
      assertThat(response.headers().firstValue("retry-after")).contains("1");
    }

    @Test
    void that_asks_for_the_head_of_a_stream_only_takes_no_place() throws Exception {
      HttpRequest.Builder head =
          to("/v1/sessions/s/events")
              .header("Authorization", "Bearer header")
              .method("HEAD", BodyPublishers.noBody());
      for (int i = 0; i < 3; i++) {
        assertThat(send(head).statusCode()).isEqualTo(200);
        front.sessions().nextCommand();
      }
    }

    @Test
    void has_so_many_event_streams_and_no_more() throws Exception {
      HttpRequest.Builder events =
          to("/v1/sessions/s/events").header("Authorization", "Bearer eager-2");
      HttpResponse<InputStream> first = http.send(events.build(), BodyHandlers.ofInputStream());
      try (var stream = first.body()) {
        assertThat(first.statusCode()).isEqualTo(200);

        HttpResponse<String> second = send(events);

        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(code(second)).isEqualTo("rate_limited");
        assertThat(stream).isNotNull();
      }
      front.sessions().nextCommand();
      front.sessions().nextCommand();
    }

    @Test
    void is_not_let_in_if_the_authenticator_breaks() throws Exception {
      HttpResponse<String> response =
          send(to("/v1/sessions").header("Authorization", "Bearer broken"));

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).doesNotContain("on purpose");
    }

    @Test
    void with_a_name_that_can_not_be_is_refused() throws Exception {
      HttpResponse<String> response =
          send(post(PROMPT).header("X-Kantele-Client", "n".repeat(1_000)));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(json(response).at("/error/message").asText()).contains("X-Kantele-Client");
    }
  }

  @Nested
  class A_list {
    @Test
    void of_agents_and_models_is_the_reply_of_the_wire() throws Exception {
      assertThat(json(send(to("/v1/agents"))).at("/agents/0/name").asText()).isEqualTo("assistant");
      assertThat(json(send(to("/v1/models"))).at("/models/0/model").asText())
          .isEqualTo("scripted/demo");
    }

    @Test
    void of_sessions_comes_in_pages() throws Exception {
      front.sessions().append(new SessionId("list-a"), 1);
      front.sessions().append(new SessionId("list-b"), 1);

      JsonNode first = json(send(to("/v1/sessions?limit=1")));
      JsonNode second =
          json(send(to("/v1/sessions?limit=1&page=" + first.path("next_page").asText())));

      assertThat(first.path("sessions")).hasSize(1);
      assertThat(second.path("sessions")).hasSize(1);
      assertThat(second.path("sessions")).isNotEqualTo(first.path("sessions"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "page=%21"})
    void by_what_is_no_page_is_refused(String query) throws Exception {
      HttpResponse<String> response = send(to("/v1/sessions?" + query));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(code(response)).isEqualTo("invalid_argument");
    }
  }

  @Nested
  class A_path {
    @Test
    void with_a_session_asks_for_its_status() throws Exception {
      assertThat(send(to("/v1/sessions/s")).statusCode()).isEqualTo(200);

      Command command = front.sessions().nextCommand().command();
      assertThat(command).isInstanceOf(Command.SessionStatus.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/v1/sessions/a%20b", "/v1/sessions/%2e%2e%2f/events", "/v1/sessions/ä"})
    void with_a_session_that_can_not_be_is_refused(String path) throws Exception {
      HttpResponse<String> response = send(to(path.replace("ä", "%C3%A4")));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(code(response)).isEqualTo("invalid_argument");
    }

    @ParameterizedTest
    @CsvSource({
      "GET, /v1/sessions/s/commands, POST",
      "POST, /v1/sessions/s/events, GET",
      "DELETE, /v1/sessions/s, GET",
      "PUT, /v1/sessions, GET"
    })
    void by_another_method_is_told_which(String method, String path, String allowed)
        throws Exception {
      HttpResponse<String> response = send(to(path).method(method, BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("allow")).contains(allowed);
    }
  }

  @Nested
  class A_page_in_a_browser {
    @Test
    void of_an_allowed_origin_may_ask_and_read() throws Exception {
      HttpResponse<String> response =
          send(to("/v1/agents").header("Origin", "https://app.example.com"));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("access-control-allow-origin"))
          .contains("https://app.example.com");
      assertThat(response.headers().firstValue("vary")).contains("Origin");
    }

    @Test
    void of_an_allowed_origin_learns_what_it_may_send() throws Exception {
      HttpResponse<String> response =
          send(
              to("/v1/sessions/s/commands")
                  .method("OPTIONS", BodyPublishers.noBody())
                  .header("Origin", "https://app.example.com"));

      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.headers().firstValue("access-control-allow-headers").orElseThrow())
          .contains("Authorization", "Last-Event-ID", "X-Kantele-Client");
    }

    @Test
    void of_another_origin_has_no_effect_here() throws Exception {
      HttpResponse<String> response =
          send(post(PROMPT).header("Origin", "https://evil.example.com"));

      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
      assertThat(front.sessions().commands()).isZero();
    }
  }
}
