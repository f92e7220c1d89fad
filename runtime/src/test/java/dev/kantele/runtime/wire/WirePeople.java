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

  private WirePeople() {}
}
