package dev.kantele.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.runtime.KanteleParts;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node whose client speaks nothing but plain HTTP. */
@Timeout(60)
final class EventStreamScenario {
  private static final String TEXT = "one two three four five six seven eight nine ten";

  private static final String SCRIPT =
      """
      - when: {text: slow}
        reply: {say: "%s", chunk: 1, every: 20ms}
      - when: {text: silent}
        reply: never
      - reply: {say: "Hello."}
      """
          .formatted(TEXT);

  private static WireNode node;
  private static HttpClient http;

  @BeforeAll
  static void start(@TempDir Path scripts) throws Exception {
    Files.writeString(scripts.resolve("http.yaml"), SCRIPT);
    http = HttpClient.newHttpClient();
    node =
        new WireNode(
            """
            kantele.models.scripted.folder = "%s"
            kantele.model = "scripted/http"
            kantele.agents.assistant = {}
            kantele.websocket.heartbeat = 100ms
            """
                .formatted(scripts.toString().replace('\\', '/')),
            KanteleParts.none());
  }

  @AfterAll
  static void stop() {
    http.close();
    node.close();
  }

  private static String command(String session, String body) throws Exception {
    var response =
        http.send(
            HttpRequest.newBuilder(node.uri("/v1/sessions/" + session + "/commands"))
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static void prompt(String session, String text) throws Exception {
    command(session, "{\"type\":\"session.open\"}");
    command(
        session,
        "{\"type\":\"prompt\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}");
  }

  private static HttpRequest.Builder events(String session, String query) {
    return HttpRequest.newBuilder(node.uri("/v1/sessions/" + session + "/events" + query));
  }

  private static Event await(EventStream stream, LogRules rules, Class<? extends EventBody> what)
      throws IOException {
    while (true) {
      Event event = stream.next().orElseThrow();
      assertThat(rules.accept(event)).isEmpty();
      if (what.isInstance(event.body())) {
        return event;
      }
    }
  }

  @Test
  void a_stream_that_is_cut_goes_on_by_its_last_event_id() throws Exception {
    prompt("cut", "slow");
    var rules = LogRules.fromStart();
    String lastId = "";

    Optional<Event> end = Optional.empty();
    for (int piece = 1; end.isEmpty(); piece++) {
      HttpRequest.Builder request = events("cut", "?after=0");
      if (!lastId.isEmpty()) {
        request.header("Last-Event-ID", lastId);
      }
      try (EventStream stream = EventStream.open(http, request)) {
        for (int count = 0; count < piece && end.isEmpty(); count++) {
          Event event = stream.next().orElseThrow();
          assertThat(rules.accept(event)).isEmpty();
          end = Optional.of(event).filter(one -> one.body() instanceof TurnCompleted);
        }
        lastId = stream.lastId();
      }
    }

    assertThat(rules.open()).isEmpty();
    assertThat(rules.violations()).isEmpty();
  }

  @Test
  void tokens_come_while_the_model_speaks() throws Exception {
    prompt("tokens", "slow");
    var rules = LogRules.fromStart();

    try (EventStream stream = EventStream.open(http, events("tokens", ""))) {
      await(stream, rules, TextDelta.class);
      Event end = await(stream, rules, StreamCompleted.class);

      assertThat(((StreamCompleted) end.body()).message().content())
          .containsExactly(new Part.Text(TEXT));
    }
  }

  @Test
  void a_silent_stream_is_kept_alive_by_comments() throws Exception {
    prompt("silent", "silent");
    var rules = LogRules.fromStart();

    try (EventStream stream = EventStream.open(http, events("silent", ""))) {
      await(stream, rules, EventBody.StreamStarted.class);

      stream.awaitComment();
      stream.awaitComment();

      command("silent", "{\"type\":\"cancel\"}");
      await(stream, rules, EventBody.TurnCancelled.class);
    }
  }

  @Test
  void it_ends_with_its_session() throws Exception {
    prompt("closed", "hello");
    var rules = LogRules.fromStart();

    try (EventStream stream = EventStream.open(http, events("closed", ""))) {
      await(stream, rules, TurnCompleted.class);
      command("closed", "{\"type\":\"session.close\"}");
      await(stream, rules, EventBody.SessionClosed.class);

      assertThat(stream.next()).isEmpty();
    }
  }

  @Test
  void it_ends_when_its_session_is_deleted() throws Exception {
    prompt("deleted", "hello");
    var rules = LogRules.fromStart();

    try (EventStream stream = EventStream.open(http, events("deleted", ""))) {
      await(stream, rules, TurnCompleted.class);
      command("deleted", "{\"type\":\"session.delete\"}");

      Optional<Event> last = stream.next();
      for (Optional<Event> next = last; next.isPresent(); next = stream.next()) {
        last = next;
      }
      assertThat(last.orElseThrow().body())
          .isInstanceOfAny(EventBody.SessionClosed.class, EventBody.SessionDetached.class);
    }
    assertThat(http.send(events("deleted", "").build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void it_ends_when_the_node_sends_its_clients_elsewhere() throws Exception {
    try (var leaving = new WireNode("kantele.agents.assistant = {}", KanteleParts.none())) {
      var open =
          HttpRequest.newBuilder(leaving.uri("/v1/sessions/s/commands"))
              .POST(BodyPublishers.ofString("{\"type\":\"session.open\"}"));
      assertThat(http.send(open.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      try (EventStream stream =
          EventStream.open(http, HttpRequest.newBuilder(leaving.uri("/v1/sessions/s/events")))) {
        assertThat(stream.next().orElseThrow().body()).isInstanceOf(EventBody.SessionOpened.class);

        leaving.drain();

        assertThat(stream.next()).isEmpty();
      }
    }
  }

  @Test
  void a_cursor_of_another_log_is_refused() throws Exception {
    prompt("other", "hello");

    var response =
        http.send(
            events("other", "").header("Last-Event-ID", "another:1").build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.body()).contains("cursor_unknown");
  }

  @Test
  void a_cursor_that_is_none_is_refused() throws Exception {
    for (String id : new String[] {"x", "log:", "log:-1", "log:9007199254740993", ":1"}) {
      var response =
          http.send(events("any", "").header("Last-Event-ID", id).build(), BodyHandlers.ofString());

      assertThat(response.statusCode()).as(id).isEqualTo(400);
      assertThat(response.body()).contains("Last-Event-ID");
    }
    var after = http.send(events("any", "?after=x").build(), BodyHandlers.ofString());
    assertThat(after.statusCode()).isEqualTo(400);
    assertThat(after.body()).contains("after", "0..9007199254740991");
  }

  @Test
  void a_session_that_is_not_there_is_not_found() throws Exception {
    var response = http.send(events("nobody", "").build(), BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("session_not_found");
  }

  @Test
  void a_session_of_somebody_else_is_not_shown() throws Exception {
    prompt("mine", "hello");

    var response =
        http.send(
            events("mine", "").header("Authorization", "Bearer other").build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("forbidden").doesNotContain("Hello");
  }

  @Test
  void a_list_of_sessions_shows_ones_own() throws Exception {
    prompt("listed", "hello");

    assertThat(list("nobody")).contains("\"listed\"");
    assertThat(list("somebody")).contains("\"sessions\":[]");
  }

  private static String list(String principal) throws Exception {
    var request =
        HttpRequest.newBuilder(node.uri("/v1/sessions?limit=1000"))
            .header("Authorization", "Bearer " + principal);
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }
}
