package dev.kantele.runtime.wire;

import static dev.kantele.runtime.wire.WireTablesScenario.assertAck;
import static dev.kantele.runtime.wire.WireTablesScenario.assertNack;
import static dev.kantele.runtime.wire.WireTablesScenario.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** The rows of the tables in which people have a say, each by two clients of one owner. */
final class WirePeople {
  /** A call is asked for, edited, allowed, denied; by another client, and too late. */
  static void approvals(WireClient client, WireClient other) throws Exception {
    client.call("{'type':'session.open','session':'ap'}");
    client.call("{'type':'session.attach','session':'ap','after':0}");
    client.call(prompt("ap", "ask"));
    String first = client.event("tool.approval_required").path("invocation").asText();
    String second = client.event("tool.approval_required").path("invocation").asText();
    JsonNode pending = client.call("{'type':'session.status','session':'ap'}").path("pending");
    assertThat(pending).hasSize(2);
    assertThat(pending.get(0).path("kind").asText()).isEqualTo("approval");
    assertThat(pending.get(0).path("name").asText()).isEqualTo("deed");

    assertNack(
        other.call(decide(first, "'decision':'approve','arguments':{}")), "invalid_argument");
    assertAck(
        other.callAs("yes", decide(first, "'decision':'approve','arguments':{'do':'answer'}")));
    JsonNode again = other.callAs("yes", decide(first, "'decision':'approve'"));
    assertThat(assertAck(again).path("duplicate").asBoolean()).isTrue();
    assertNack(client.call(decide(first, "'decision':'deny'")), "already_decided");
    assertAck(other.call(decide(second, "'decision':'deny','reason':'not this one'")));
    assertNack(other.call(decide("nothing", "'decision':'deny'")), "invocation_not_found");

    JsonNode approved = client.event("tool.approved");
    assertThat(approved.path("by").asText()).isEqualTo("decider");
    assertThat(approved.at("/arguments/do").asText()).isEqualTo("answer");
    assertThat(client.event("tool.started").path("invocation").asText()).isEqualTo(first);
    client.event("turn.completed");
    assertThat(client.events)
        .anySatisfy(
            event -> {
              assertThat(event.path("type").asText()).isEqualTo("tool.denied");
              assertThat(event.path("invocation").asText()).isEqualTo(second);
              assertThat(event.path("reason").asText()).isEqualTo("not this one");
            });
  }

  private static String decide(String invocation, String how) {
    return "{'type':'tool.decide','session':'ap','invocation':'%s',%s}".formatted(invocation, how);
  }

  /** A question is put, answered and declined. */
  static void inputs(WireClient client, WireClient other) throws Exception {
    client.call("{'type':'session.open','session':'in'}");
    client.call("{'type':'session.attach','session':'in','after':0}");
    client.call(prompt("in", "question"));
    JsonNode asked = client.event("input.requested");
    assertThat(asked.path("prompt").asText()).isEqualTo("Which?");
    String first = asked.path("request").asText();
    String second = client.event("input.requested").path("request").asText();
    JsonNode pending = client.call("{'type':'session.status','session':'in'}").path("pending");
    assertThat(pending.get(0).path("kind").asText()).isEqualTo("input");
    assertThat(pending.get(0).path("request").asText()).isEqualTo(first);

    assertNack(other.call(answer(first, "'content':'green'")), "invalid_argument");
    assertAck(other.call(answer(first, "'content':'red'")));
    assertNack(client.call(answer(first, "'content':'blue'")), "already_decided");
    assertAck(client.call(answer(second, "'declined':true")));

    JsonNode answered = client.event("input.answered");
    assertThat(answered.path("content").asText()).isEqualTo("red");
    assertThat(answered.path("by").asText()).isEqualTo("answerer");
    assertThat(client.event("tool.completed").path("output").asText()).isEqualTo("red");
    assertThat(client.event("input.answered").has("content")).isFalse();
    assertThat(client.event("tool.failed").at("/error/code").asText()).isEqualTo("declined");
    client.event("turn.completed");
  }

  private static String answer(String request, String how) {
    return "{'type':'input.answer','session':'in','request':'%s',%s}".formatted(request, how);
  }

  /** A client runs tools, and another one tries to answer in its place. */
  static void clientTools(WireClient client, WireClient other) throws Exception {
    client.call("{'type':'session.open','session':'ct'}");
    client.call("{'type':'session.attach','session':'ct','after':0}");
    assertNack(client.call(register(1, "hand")), "invalid_argument");
    assertNack(client.call(register(2, "fetch")), "sequence_gap");
    JsonNode registered = assertAck(client.callAs("reg", register(1, "fetch")));
    assertThat(registered.path("registered").asInt()).isEqualTo(1);
    assertThat(registered.path("next_seq").asInt()).isEqualTo(2);
    assertThat(client.callAs("reg", register(1, "fetch")).path("duplicate").asBoolean()).isTrue();
    assertNack(other.call(register(1, "fetch")), "invalid_argument");

    client.call(prompt("ct", "remote"));
    assertThat(client.event("tool.requested").path("executor").asText()).isEqualTo("client");
    String first = client.event("tool.started").path("invocation").asText();
    String second = client.event("tool.started").path("invocation").asText();
    assertNack(other.call(result(first, "'output':1")), "forbidden");
    assertAck(
        client.call(
            "{'type':'tool.progress','session':'ct','invocation':'%s','chunk':'half'}"
                .formatted(first)));
    assertThat(client.event("tool.output").path("chunk").asText()).isEqualTo("half");
    assertAck(client.callAs("res", result(first, "'output':{'all':true}")));
    assertThat(client.callAs("res", result(first, "'output':2")).path("duplicate").asBoolean())
        .isTrue();
    assertThat(client.event("tool.completed").at("/output/all").asBoolean()).isTrue();
    assertNack(client.call(result(first, "'output':3")), "already_decided");
    assertAck(client.call(result(second, "'error':{'code':'none','message':'nothing there'}")));
    assertThat(client.event("tool.failed").at("/error/code").asText()).isEqualTo("none");
    client.event("turn.completed");
  }

  private static String register(int seq, String name) {
    return ("{'type':'tool.register','session':'ct','seq':%d,'tools':[{'name':'%s',"
            + "'description':'Does it','input_schema':{'type':'object'},'effect':'read_only'}]}")
        .formatted(seq, name);
  }

  private static String result(String invocation, String how) {
    return "{'type':'tool.result','session':'ct','invocation':'%s',%s}".formatted(invocation, how);
  }

  private WirePeople() {}
}
