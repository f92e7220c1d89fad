package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.runtime.model.scripted.Script;
import dev.kantele.runtime.model.scripted.ScriptedProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KanteleTest {
  private static final Script TALK =
      Script.parse(
          "talk.yaml",
          """
          - when: {call: 1}
            reply:
              - say: "Let me look. "
              - call: {tool: look, arguments: {at: "sky"}}
              - call: {tool: look, arguments: {at: "sea"}}
          - reply:
              - say: "Both are blue."
          """);

  private static KanteleSettings settings() {
    return KanteleSettings.from(
            ConfigFactory.parseString(
                """
                kantele.default-agent = tester
                kantele.agents.tester { model = "test/talk", tools = [look] }
                """))
        .inMemory();
  }

  private final TestTool look = new TestTool("look", ToolEffect.READ_ONLY);

  private KanteleParts parts() {
    return KanteleParts.none()
        .with(new Renamed("test", ScriptedProvider.of(Map.of("talk", TALK))))
        .with(look);
  }

  @Test
  void a_turn_with_two_tool_calls_runs_to_its_end() throws Exception {
    try (var kantele = Kantele.start(settings(), parts())) {
      var session = kantele.open("s");
      var turn = session.prompt("What colour?");
      var first = look.next(new SessionId("s"));
      var second = look.next(new SessionId("s"));
      second.output.chunk("half way");
      second.result.complete(TestTool.json("\"blue\""));
      first.result.complete(TestTool.json("\"blue\""));

      TurnResult result = get(turn.result());

      assertThat(result.isCompleted()).isTrue();
      assertThat(result.text()).isEqualTo("Both are blue.");
      assertKeepsTheRules(get(turn.events().runWith(Sink.seq(), session.materializer())));
    }
  }

  private static void assertKeepsTheRules(List<Event> events) {
    var rules = LogRules.after(events.getFirst().covers().from() - 1);
    events.forEach(rules::accept);
    assertThat(rules.violations()).isEmpty();
    assertThat(rules.open()).isEmpty();
  }

  @Test
  void a_session_in_sqlite_is_found_again_by_the_next_node(@TempDir Path folder) throws Exception {
    var durable = settings().with("kantele.journal.kind", "sqlite").data(folder);
    try (var kantele = Kantele.start(durable, parts())) {
      var turn = kantele.open("s").prompt("What colour?");
      get(turn.accepted());
      look.next(new SessionId("s"));
      look.next(new SessionId("s"));
    }

    try (var kantele = Kantele.start(durable, parts())) {
      var first = look.next(new SessionId("s"));
      var second = look.next(new SessionId("s"));
      assertThat(first.call.attempt()).isEqualTo(2);
      first.result.complete(TestTool.json("1"));
      second.result.complete(TestTool.json("2"));
      var session = kantele.open("s");
      assertThat(session.isNew()).isFalse();
      List<Event> events =
          get(
              session
                  .events(0)
                  .takeWhile(
                      event -> !(event.body() instanceof EventBody.TurnCompleted),
                      /* inclusive= */ true)
                  .runWith(Sink.seq(), session.materializer()));

      assertKeepsTheRules(events);
      assertThat(events).anyMatch(event -> event.body() instanceof EventBody.SessionRecovered);
    }
  }
}
