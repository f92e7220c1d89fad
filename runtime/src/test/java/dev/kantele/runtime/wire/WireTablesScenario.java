package dev.kantele.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.codec.WireNames;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.journal.MemoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each row of the command and event tables, and each code of a refusal, between a whole node and a
 * real WebSocket (docs/protocol.md).
 */
@Timeout(120)
final class WireTablesScenario {
  /**
   * No command names a tool before clients run tools; as a tool call's own error it is seen below.
   */
  private static final Set<ErrorCode> LATER_CODES = Set.of(ErrorCode.TOOL_NOT_FOUND);

  private static final String SCRIPT =
      """
      - when: {text: slow, call: 1}
        reply: {say: "one two three four five six seven eight nine ten", chunk: 1, every: 50ms}
      - when: {text: broken, attempt: 1}
        reply: [{say: "I was"}, {fail: {code: overloaded, message: "busy", retryable: true}}]
      - when: {text: broken}
        reply: {fail: {code: refused, message: "no", retryable: false}}
      - when: {text: never}
        reply: never
      - when: {text: think}
        reply: [{reason: "hm"}, {say: "yes"}]
      - when: {text: figure}
        reply: {say: "many"}
      - when: {text: "does not fit"}
        reply: {say: "12"}
      - when: {text: tools, call: 1}
        reply:
          - call: {tool: hand, arguments: {do: answer}}
          - call: {tool: hand, arguments: {do: fail}}
          - call: {tool: hand, arguments: {do: report}}
          - call: {tool: hand, arguments: {}}
          - call: {tool: nobody, arguments: {}}
          - malformed: {tool: hand}
          # So slow that whoever reads sees deltas before the end says all.
          - {say: "one two three four", chunk: 1, every: 50ms}
      - when: {text: ask, call: 1}
        reply:
          - call: {tool: deed, arguments: {do: ask}}
          - call: {tool: deed, arguments: {do: ask}}
          - call: {tool: hand, arguments: {do: answer}}
      - when: {text: remote, call: 1}
        reply:
          - call: {tool: fetch, arguments: {what: all}}
          - call: {tool: fetch, arguments: {what: none}}
      - when: {text: question, call: 1}
        reply:
          - call: {tool: ask_user, arguments: {question: "Which?", options: [red, blue]}}
          - call: {tool: ask_user, arguments: {question: "Why?"}}
      - when: {text: flood, call: 1}
        reply: {call: {tool: hand, arguments: {do: flood}}}
      - when: {text: wait, call: 1}
        reply: {call: {tool: hand, arguments: {do: wait}}}
      - when: {text: hurry, call: 1}
        reply: [{call: {tool: quick, arguments: {do: wait}}}, {call: {tool: deed, arguments: {do: wait}}}]
      - when: {text: gush}
        reply: [{flood: {deltas: 20000, bytes: 64}}, never]
      - say: "Done."
      """;

  @TempDir Path folder;
  private WireNode node;
  private final List<WireClient> clients = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Path script = Files.writeString(folder.resolve("play.yaml"), SCRIPT);
    node =
        new WireNode(
            """
            kantele.models.scripted.scripts.play = "%s"
            kantele.default-agent = player
            kantele.agents.player {
              model = scripted/play, tools = [hand, quick, deed, ask_user]
              approvals {
                rules = [{tool = deed, arguments.do = ask, decision = ask}]
                otherwise = allow
              }
              limits { retry-delay = 10ms, queued-turns = 2, cancel-deadline = 500ms }
            }
            kantele.session { window = 4 KiB, snapshot-every = 1, keep-rows = 0 }
            kantele.websocket { commands-per-second = 1000, command-burst = 1000 }
            """
                .formatted(script),
            KanteleParts.none()
                .with(new HandTool("hand", ToolEffect.READ_ONLY, Duration.ofSeconds(60)))
                .with(new HandTool("quick", ToolEffect.READ_ONLY, Duration.ofMillis(50)))
                .with(new HandTool("deed", ToolEffect.UNSAFE, Duration.ofMillis(50))));
  }

  @AfterEach
  void stop() {
    clients.forEach(WireClient::close);
    node.close();
  }

  private WireClient connect() throws Exception {
    WireClient client = node.connect();
    clients.add(client);
    return client;
  }

  private WireClient connect(String name) throws Exception {
    return connect().hello(name, "me");
  }

  @Test
  void every_row_of_the_tables_is_seen_on_the_wire() throws Exception {
    greetings();
    addresses();
    numbers();
    policies();
    streams();
    toolCalls();
    WirePeople.approvals(connect("asker"), connect("decider"));
    WirePeople.inputs(connect("asked"), connect("answerer"));
    WirePeople.clientTools(connect("worker"), connect("idler"));
    catchingUp();
    retention();
    troubles();
    lists();
    endings();

    assertThat(eventsSeen())
        .containsExactlyInAnyOrderElementsOf(WireNames.EVENTS.classes().keySet());
    assertThat(codesSeen())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values())
                .filter(code -> !LATER_CODES.contains(code))
                .map(ErrorCode::wireName)
                .toList());
    assertThat(clients)
        .allSatisfy(
            client ->
                assertThat(client.replies).allSatisfy(WireTablesScenario::assertShowsNoInside));
  }

  private static void assertShowsNoInside(JsonNode reply) {
    assertThat(reply.toString()).doesNotContain("Exception", "dev.kantele", "org.apache");
  }

  private Set<String> eventsSeen() {
    var seen = new TreeSet<String>();
    for (WireClient client : clients) {
      client.events.forEach(event -> seen.add(event.path("type").asText()));
    }
    return seen;
  }

  private Set<String> codesSeen() {
    var seen = new TreeSet<String>();
    for (WireClient client : clients) {
      for (JsonNode reply : client.replies) {
        if (reply.path("type").asText().equals("nack")) {
          seen.add(reply.at("/error/code").asText());
        }
      }
    }
    return seen;
  }

  static void assertNack(JsonNode reply, String code) {
    assertThat(reply.path("type").asText()).as(reply.toString()).isEqualTo("nack");
    assertThat(reply.at("/error/code").asText()).as(reply.toString()).isEqualTo(code);
  }

  static JsonNode assertAck(JsonNode reply) {
    assertThat(reply.path("type").asText()).as(reply.toString()).isEqualTo("ack");
    return reply;
  }

  static String prompt(String session, String text, String more) {
    return "{'type':'prompt','session':'%s','content':[{'type':'text','text':'%s'}]%s}"
        .formatted(session, text, more);
  }

  private void greetings() throws Exception {
    WireClient first = connect();
    JsonNode welcome =
        first.call("{'type':'hello','versions':[1],'client':'greeter','token':'me'}");
    assertThat(welcome.path("type").asText()).isEqualTo("welcome");
    assertThat(first.call("{'type':'ping'}").path("type").asText()).isEqualTo("pong");
    assertAck(first.call("{'type':'auth.refresh','token':'me'}"));
    assertAck(first.call("{'type':'goodbye'}"));
    assertThat(first.closed.get()).isEqualTo(1000);

    WireClient old = connect();
    assertNack(old.call("{'type':'hello','versions':[7],'client':'old'}"), "version_mismatch");
    assertThat(old.closed.get()).isEqualTo(4400);

    WireClient stranger = connect();
    assertNack(
        stranger.call("{'type':'hello','versions':[1],'client':'s','token':'bad'}"),
        "unauthenticated");
    assertThat(stranger.closed.get()).isEqualTo(4401);

    WireClient unlucky = connect();
    assertNack(
        unlucky.call("{'type':'hello','versions':[1],'client':'u','token':'broken'}"), "internal");

    WireClient replaced = connect("twin");
    connect("twin");
    assertThat(replaced.closed.get()).isEqualTo(4409);
  }

  private void addresses() throws Exception {
    WireClient client = connect("addresses");
    client.send("this is no JSON");
    assertNack(client.reply(reply -> !reply.has("re")), "invalid_message");
    assertNack(client.call("{'type':'no.such.thing'}"), "unknown_type");
    assertNack(client.call("{'type':'session.status','session':'a b'}"), "invalid_argument");
    assertNack(client.call("{'type':'session.status','session':'none'}"), "session_not_found");
    assertNack(
        client.call("{'type':'session.open','session':'a','agent':'nobody'}"), "agent_not_found");
    JsonNode opened = assertAck(client.call("{'type':'session.open','session':'a'}"));
    assertThat(opened.path("created").asBoolean()).isTrue();
    assertThat(
            assertAck(client.call("{'type':'session.open','session':'a'}"))
                .path("created")
                .asBoolean())
        .isFalse();
    assertNack(client.call(prompt("a", "hi", ",'model':'no/such'")), "model_not_found");
    assertNack(client.call("{'type':'cancel','session':'a'}"), "turn_not_found");
    assertNack(
        client.call("{'type':'tool.decide','session':'a','invocation':'i','decision':'approve'}"),
        "invocation_not_found");
    assertNack(
        client.call("{'type':'tool.progress','session':'a','invocation':'i','chunk':'x'}"),
        "invocation_not_found");
    assertNack(
        client.call("{'type':'tool.result','session':'a','invocation':'i','output':1}"),
        "invocation_not_found");
    assertNack(
        client.call("{'type':'input.answer','session':'a','request':'r','content':1}"),
        "invalid_argument");
    assertNack(client.call("{'type':'session.attach','session':'a','after':99}"), "cursor_unknown");
    assertNack(
        client.call("{'type':'session.attach','session':'a','after':0,'log':'other'}"),
        "cursor_unknown");
    assertNack(
        client.call(
            "{'type':'session.status','session':'a','x':" + "[".repeat(80) + "]".repeat(80) + "}"),
        "limit_exceeded");
    WireClient other = connect().hello("other", "somebody else");
    assertNack(other.call("{'type':'session.status','session':'a'}"), "forbidden");
  }

  private void numbers() throws Exception {
    WireClient client = connect("numbers");
    client.call("{'type':'session.open','session':'n'}");
    JsonNode first = assertAck(client.callAs("p1", prompt("n", "hi", ",'seq':1,'turn':'t-1'")));
    assertThat(first.path("next_seq").asLong()).isEqualTo(2);
    JsonNode again = assertAck(client.callAs("p1", prompt("n", "hi", ",'seq':1,'turn':'t-1'")));
    assertThat(again.path("duplicate").asBoolean()).isTrue();
    assertNack(client.callAs("p2", prompt("n", "hi", ",'seq':1")), "duplicate_sequence");
    JsonNode gap = client.callAs("p3", prompt("n", "hi", ",'seq':5"));
    assertNack(gap, "sequence_gap");
    assertThat(gap.at("/error/expected").asLong()).isEqualTo(2);
    assertNack(client.callAs("p4", prompt("n", "hi", ",'seq':2,'turn':'t-1'")), "turn_exists");
    assertAck(client.call("{'type':'cancel','session':'n','turn':'t-9'}"));
    assertNack(client.callAs("p5", prompt("n", "hi", ",'seq':2,'turn':'t-9'")), "turn_cancelled");
  }

  private void policies() throws Exception {
    WireClient client = connect("policies");
    client.call("{'type':'session.open','session':'p'}");
    assertAck(client.call("{'type':'session.attach','session':'p','after':0}"));
    client.call(prompt("p", "slow", ",'turn':'a'"));
    client.event("text.delta");
    assertNack(client.call(prompt("p", "hi", ",'policy':'reject'")), "turn_running");
    assertAck(client.call(prompt("p", "more", ",'policy':'steer'")));
    client.event("turn.steered");
    assertAck(client.call(prompt("p", "slow", ",'turn':'b'")));
    assertNack(client.call(prompt("p", "full")), "queue_full");
    assertThat(
            assertAck(client.call("{'type':'session.status','session':'p'}")).path("turns").size())
        .isEqualTo(2);
    assertAck(client.call("{'type':'cancel','session':'p','turn':'a','reason':'enough'}"));
    assertThat(client.event("stream.cancelled").path("turn").asText()).isEqualTo("a");
    assertThat(client.event("turn.cancelled").path("reason").asText()).isEqualTo("enough");
    client.event("text.delta");
    assertAck(client.call(prompt("p", "hi", ",'policy':'interrupt','turn':'c'")));
    assertThat(client.event("turn.cancelled").path("turn").asText()).isEqualTo("b");
    assertThat(client.event("turn.completed").path("turn").asText()).isEqualTo("c");
    client.call(prompt("p", "slow", ",'turn':'d'"));
    client.event("text.delta");
    assertAck(client.call(prompt("p", "hi", ",'policy':'rollback','turn':'e'")));
    assertThat(client.event("turn.cancelled").path("rolled_back").asBoolean()).isTrue();
    assertThat(client.event("turn.completed").path("turn").asText()).isEqualTo("e");
  }

  static String prompt(String session, String text) {
    return prompt(session, text, "");
  }

  private void streams() throws Exception {
    WireClient client = connect("streams");
    client.call("{'type':'session.open','session':'s'}");
    assertAck(client.call("{'type':'session.attach','session':'s','after':0,'credit':1}"));
    assertAck(client.call("{'type':'session.credit','session':'s','events':1000}"));
    client.call(prompt("s", "think"));
    client.event("reasoning.delta");
    client.event("stream.completed");
    client.call(prompt("s", "broken"));
    JsonNode failed = client.event("stream.failed");
    assertThat(failed.path("will_retry").asBoolean()).isTrue();
    JsonNode next = client.event("stream.started");
    assertThat(next.path("supersedes").asText()).isEqualTo(failed.path("stream").asText());
    assertThat(client.event("turn.failed").at("/error/code").asText()).isEqualTo("refused");
    client.call(prompt("s", "figure", ",'output_schema':{'type':'integer'}"));
    client.event("turn.output_rejected");
    assertThat(client.event("turn.completed").path("output").asInt()).isEqualTo(12);
    assertAck(client.call("{'type':'session.detach','session':'s'}"));
  }

  private void toolCalls() throws Exception {
    WireClient client = connect("tools");
    client.call("{'type':'session.open','session':'t'}");
    client.call("{'type':'session.attach','session':'t','after':0}");
    client.call(prompt("t", "tools"));
    client.event("tool_call.delta");
    client.event("tool.requested");
    client.event("turn.completed");
    assertThat(client.events)
        .extracting(event -> event.at("/error/code").asText())
        .contains("no_luck", "invalid_arguments", "tool_not_found");
    client.call(prompt("t", "hurry"));
    client.event("turn.completed");
    client.call(prompt("t", "flood"));
    client.event("warning");
    client.event("turn.completed");
    client.call(prompt("t", "wait"));
    String waiting = client.event("tool.started").path("invocation").asText();
    assertNack(
        client.call(
            "{'type':'tool.decide','session':'t','invocation':'%s','decision':'deny'}"
                .formatted(waiting)),
        "already_decided");
    assertNack(
        client.call(
            "{'type':'tool.result','session':'t','invocation':'%s','output':1}".formatted(waiting)),
        "forbidden");
    client.call("{'type':'cancel','session':'t'}");
    client.event("tool.cancelled");
    client.event("turn.cancelled");
  }

  private void catchingUp() throws Exception {
    WireClient client = connect("late");
    client.call("{'type':'session.open','session':'l'}");
    client.call("{'type':'session.attach','session':'l','after':0}");
    client.call(prompt("l", "gush"));
    while (client.event().path("seq").asLong() < 100) {
      // What has been said so far is in no window any more.
    }
    WireClient reader = connect("reader");
    reader.call("{'type':'session.attach','session':'l','after':0}");
    JsonNode merged = reader.event("catchup");
    assertThat(merged.at("/covers/0").asLong(merged.path("seq").asLong()))
        .isLessThan(merged.path("seq").asLong());
    client.call("{'type':'cancel','session':'l'}");
    reader.event("turn.cancelled");
  }

  private void retention() throws Exception {
    WireClient client = connect("retention");
    client.call("{'type':'session.open','session':'r'}");
    client.call("{'type':'session.attach','session':'r','after':0}");
    for (int i = 0; i < 20; i++) {
      client.call(prompt("r", "hi"));
      client.event("turn.completed");
    }
    WireClient late = connect("late-comer");
    late.call("{'type':'session.attach','session':'r','after':0}");
    assertThat(late.event("session.snapshot").at("/state/transcript").size()).isPositive();
  }

  private void troubles() throws Exception {
    WireClient client = connect("troubles");
    client.call("{'type':'session.open','session':'x'}");
    client.call("{'type':'session.attach','session':'x','after':0}");
    client.call(prompt("x", "never"));
    client.event("stream.started");
    MemoryStore.of(node.kantele.system()).faults().fail(Operation.WRITE, "session|x", 1);
    assertNack(client.call(prompt("x", "hi")), "unavailable");
    client.event("session.recovered");
    assertThat(client.event("stream.failed").at("/error/code").asText()).isEqualTo("lost");
    client.call("{'type':'cancel','session':'x'}");
    client.event("turn.cancelled");

    WireClient flooder = connect("flooder");
    for (int i = 0; i < 1_500; i++) {
      flooder.send("{\"type\":\"ping\",\"id\":\"f" + i + "\"}");
    }
    JsonNode refused = flooder.reply(reply -> reply.path("type").asText().equals("nack"));
    assertNack(refused, "rate_limited");
    assertThat(refused.at("/error/retry_after_ms").asLong()).isPositive();
  }

  private void lists() throws Exception {
    WireClient client = connect("lists");
    JsonNode page = assertAck(client.call("{'type':'session.list','limit':2}"));
    assertThat(page.path("sessions").size()).isEqualTo(2);
    String next = page.path("next_page").asText();
    assertThat(
            assertAck(client.call("{'type':'session.list','page':'" + next + "'}"))
                .path("sessions")
                .size())
        .isPositive();
    assertThat(client.call("{'type':'agents.list'}").at("/agents/0/name").asText())
        .isEqualTo("player");
    assertThat(client.call("{'type':'models.list'}").path("models").toString())
        .contains("scripted/play");
  }

  private void endings() throws Exception {
    WireClient client = connect("endings");
    client.call("{'type':'session.open','session':'e'}");
    client.call("{'type':'session.attach','session':'e','after':0}");
    client.call(prompt("e", "never"));
    client.event("stream.started");
    assertAck(client.call("{'type':'session.close','session':'e','reason':'over'}"));
    assertThat(client.event("session.closed").path("reason").asText()).isEqualTo("over");
    assertNack(client.call(prompt("e", "hi")), "session_closed");
    assertAck(client.call("{'type':'session.delete','session':'e'}"));
    client.event("session.detached");
    assertNack(client.call("{'type':'session.status','session':'e'}"), "session_not_found");
  }
}
