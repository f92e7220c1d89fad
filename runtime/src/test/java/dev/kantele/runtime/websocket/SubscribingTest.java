package dev.kantele.runtime.websocket;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import org.junit.jupiter.api.Test;

/** Subscriptions and their events, over a real socket. */
final class SubscribingTest extends Conversation {
  private static final SessionId S = new SessionId("s");

  private String attach(long after, String more) {
    return "\"session\":\"s\",\"after\":" + after + more;
  }

  @Test
  void brings_the_ack_and_then_every_event_once_and_in_order() throws Exception {
    TestFront front = front("");
    for (int i = 0; i < 1_000; i++) {
      front.sessions().append(S, 300);
    }
    TestClient client = client(front);
    client.message();

    client.tell("session.attach", attach(10, ""));

    JsonNode ack = client.message();
    assertThat(ack.toString())
        .isEqualTo(
            "{\"type\":\"ack\",\"re\":\"session.attach\",\"log\":\"log-1\",\"last_seq\":1000,"
                + "\"next_seq\":1}");
    for (int seq = 11; seq <= 1_000; seq++) {
      assertThat(client.message().path("seq").asInt()).isEqualTo(seq);
    }
    front.sessions().append(S, 300);
    assertThat(client.message().path("seq").asInt()).isEqualTo(1_001);
    assertThat(front.sessions().mostOpenPulls()).isEqualTo(1);
  }

  @Test
  void with_credit_brings_no_more_than_was_granted() throws Exception {
    TestFront front = front("");
    for (int i = 0; i < 10; i++) {
      front.sessions().append(S, 10);
    }
    TestClient client = client(front);
    client.ask("session.attach", attach(0, ",\"credit\":2"));
    client.event();
    client.event();
    client.ask("ping", "");
    client.ask("session.status", "\"session\":\"s\"");
    assertThat(client.eventsWaiting()).isZero();

    assertAcked(client.ask("session.credit", "\"session\":\"s\",\"events\":3"));
    for (int seq = 3; seq <= 5; seq++) {
      assertThat(client.event().path("seq").asInt()).isEqualTo(seq);
    }
    client.ask("ping", "");
    assertThat(client.eventsWaiting()).isZero();
  }

  @Test
  void ends_with_detach() throws Exception {
    TestFront front = front("");
    TestClient client = client(front);
    client.ask("session.attach", attach(0, ""));

    assertAcked(client.ask("session.detach", "\"session\":\"s\""));
    front.sessions().append(S, 10);

    assertThat(code(client.ask("session.detach", "\"session\":\"s\"")))
        .isEqualTo("invalid_argument");
    assertThat(code(client.ask("session.credit", "\"session\":\"s\",\"events\":3")))
        .isEqualTo("invalid_argument");
    assertThat(client.eventsWaiting()).isZero();
  }

  @Test
  void again_replaces_the_earlier_subscription() throws Exception {
    TestFront front = front("");
    for (int i = 0; i < 5; i++) {
      front.sessions().append(S, 10);
    }
    TestClient client = client(front);
    client.ask("session.attach", attach(4, ""));
    assertThat(client.event().path("seq").asInt()).isEqualTo(5);

    client.ask("session.attach", attach(2, ""));
    for (int seq = 3; seq <= 5; seq++) {
      assertThat(client.event().path("seq").asInt()).isEqualTo(seq);
    }
    front.sessions().append(S, 10);
    assertThat(client.event().path("seq").asInt()).isEqualTo(6);
    client.ask("ping", "");
    assertThat(client.eventsWaiting()).isZero();
  }

  @Test
  void that_is_refused_leaves_the_earlier_subscription() throws Exception {
    TestFront front = front("");
    TestClient client = client(front);
    client.ask("session.attach", attach(0, ""));
    front
        .sessions()
        .replyBy(
            command ->
                completedStage(Reply.Nack.of(command.id(), ErrorCode.CURSOR_UNKNOWN, "Unknown.")));

    assertThat(code(client.ask("session.attach", attach(99, "")))).isEqualTo("cursor_unknown");

    front.sessions().append(S, 10);
    assertThat(client.event().path("seq").asInt()).isEqualTo(1);
  }

  @Test
  void to_a_log_that_is_erased_ends_with_an_event() throws Exception {
    TestFront front = front("");
    front.sessions().append(S, 10);
    front.sessions().append(S, 10);
    TestClient client = client(front);
    client.ask("session.attach", attach(0, ""));
    client.event();
    client.event();

    front.sessions().erase(S);

    JsonNode end = client.event();
    assertThat(end.path("type").asText()).isEqualTo("session.detached");
    assertThat(end.path("code").asText()).isEqualTo("session_not_found");
    assertThat(end.path("seq").asInt()).isEqualTo(2);
    assertThat(code(client.ask("session.detach", "\"session\":\"s\"")))
        .isEqualTo("invalid_argument");
  }

  @Test
  void to_a_log_that_can_not_be_read_ends_with_an_event() throws Exception {
    TestFront front = front("");
    TestClient client = client(front);
    front.sessions().failPulls();

    client.ask("session.attach", attach(0, ""));

    JsonNode end = client.event();
    assertThat(end.path("code").asText()).isEqualTo("internal");
    assertThat(end.toString()).doesNotContain("disk on fire");
    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
  }

  @Test
  void to_an_event_that_can_not_be_written_ends_that_subscription_only() throws Exception {
    TestFront front = front("");
    front
        .sessions()
        .append(
            S,
            new EventBody.ToolCompleted(
                new TurnId("t"), new InvocationId("i"), new POJONode(new Unwritable(1))));
    TestClient client = client(front);

    client.ask("session.attach", attach(0, ""));

    assertThat(client.event().path("code").asText()).isEqualTo("internal");
    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
  }

  @Test
  void to_too_many_sessions_is_refused() throws Exception {
    TestClient client = client(front("websocket.max-subscriptions = 1"));
    client.ask("session.attach", attach(0, ""));

    assertThat(code(client.ask("session.attach", "\"session\":\"other\",\"after\":0")))
        .isEqualTo("limit_exceeded");
    assertAcked(client.ask("session.attach", attach(0, "")));
    client.ask("session.detach", "\"session\":\"s\"");
    assertAcked(client.ask("session.attach", "\"session\":\"other\",\"after\":0"));
  }

  @Test
  void brings_an_event_of_any_size() throws Exception {
    TestFront front = front("");
    front.sessions().append(S, 3_000_000);
    front.sessions().append(S, 10);
    TestClient client = client(front);
    client.ask("session.attach", attach(0, ""));

    assertThat(client.event().path("message").asText()).hasSize(3_000_000);
    assertThat(client.event().path("seq").asInt()).isEqualTo(2);
  }

  record Unwritable(int value) {
    @Override
    public int value() {
      throw new IllegalStateException("value: unwritable");
    }
  }
}
