package dev.kantele.runtime.websocket;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Authenticator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Commands and their replies, over a real socket. */
final class CommandsTest extends Conversation {
  @Test
  void go_to_their_session_with_the_name_of_their_sender() throws Exception {
    TestFront front = front("");

    assertAcked(
        client(front)
            .ask(
                "prompt",
                "\"session\":\"s\",\"seq\":1,\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]"));

    FakeSessions.Submitted submitted = front.sessions().nextCommand();
    assertThat(submitted.client()).isEqualTo(new ClientKey("local", new ClientId("c")));
    assertThat(submitted.command()).isInstanceOf(Command.Prompt.class);
  }

  @Test
  void that_can_not_be_read_are_refused_and_the_connection_lives() throws Exception {
    TestClient client = client(front(""));

    client.send("{\"type\":\"ping\"");
    JsonNode nack = client.reply();
    assertThat(code(nack)).isEqualTo("invalid_message");
    assertThat(nack.has("re")).isFalse();
    assertThat(code(client.ask("fly", ""))).isEqualTo("unknown_type");
    assertThat(code(client.ask("session.credit", "\"session\":\"s\",\"events\":0")))
        .isEqualTo("invalid_argument");
    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
  }

  @Test
  void that_break_the_node_are_told_so_without_details() throws Exception {
    TestFront front = front("");
    TestClient client = client(front);
    front.sessions().replyBy(_ -> failedStage(new IllegalStateException("secret-1")));

    JsonNode nack = client.ask("session.status", "\"session\":\"s\"");
    assertThat(code(nack)).isEqualTo("internal");
    assertThat(nack.toString()).doesNotContain("secret-1");
    assertThat(nack.path("re").asText()).isEqualTo("session.status");

    front
        .sessions()
        .replyBy(
            _ -> {
              throw new IllegalStateException("secret-2");
            });
    assertThat(code(client.ask("session.status", "\"session\":\"s\""))).isEqualTo("internal");
    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
  }

  @Test
  void are_read_only_while_few_have_no_reply() throws Exception {
    TestFront front = front("websocket.max-commands-in-flight = 3");
    TestClient client = client(front);
    var held = new ConcurrentLinkedQueue<CompletableFuture<Reply>>();
    var commands = new ConcurrentLinkedQueue<Command.OfSession>();
    front
        .sessions()
        .replyBy(
            command -> {
              commands.add(command);
              var reply = new CompletableFuture<Reply>();
              held.add(reply);
              return reply;
            });
    for (int i = 0; i < 10; i++) {
      client.send("{\"type\":\"session.status\",\"id\":\"%d\",\"session\":\"s\"}".formatted(i));
    }
    for (int i = 0; i < 10; i++) {
      var submitted = front.sessions().nextCommand();
      assertThat(submitted.command().id().value()).isEqualTo(String.valueOf(i));
      if (i >= 2) {
        assertThat(front.sessions().commands()).isZero();
        held.remove().complete(front.sessions().standardReply(commands.remove()));
        assertAcked(client.reply());
      }
    }
  }

  @Test
  void that_come_too_fast_are_told_when_to_come_again() throws Exception {
    TestClient client = client(front("websocket { commands-per-second = 1, command-burst = 2 }"));

    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
    JsonNode nack = client.ask("ping", "");
    assertThat(code(nack)).isEqualTo("rate_limited");
    assertThat(nack.at("/error/retry_after_ms").asLong()).isBetween(1L, 1_000L);
    assertThat(nack.at("/error/retryable").asBoolean()).isTrue();
  }

  @Test
  void for_lists_are_answered_by_the_node() throws Exception {
    TestFront front = front("");
    front.sessions().append(new SessionId("s1"), 1);
    front.sessions().append(new SessionId("s2"), 1);
    TestClient client = client(front);

    JsonNode first = client.ask("session.list", "\"limit\":1");
    assertThat(first.at("/sessions/0/session").asText()).isEqualTo("s1");
    JsonNode second =
        client.ask("session.list", "\"page\":\"" + first.path("next_page").asText() + "\"");
    assertThat(second.at("/sessions/0/session").asText()).isEqualTo("s2");
    assertThat(client.ask("agents.list", "").at("/agents/0/name").asText()).isEqualTo("assistant");
    assertThat(client.ask("models.list", "").at("/models/0/model").asText())
        .isEqualTo("scripted/demo");
    assertThat(code(client.ask("models.list", "\"page\":\"%\""))).isEqualTo("invalid_argument");
  }

  @Test
  void with_a_new_token_are_judged_by_the_authenticator() throws Exception {
    Authenticator byToken =
        (token, _) ->
            completedStage(
                switch (token.map(Secret::reveal).orElse("")) {
                  case "anna-1", "anna-2" -> new Authentication.Authenticated("anna");
                  case "ben" -> new Authentication.Authenticated("ben");
                  default -> new Authentication.Refused("No such token.");
                });
    TestFront front = opened(TestFront.start(system, "", byToken));
    TestClient client = opened(TestClient.connect(http, front.address()));
    client.ask("hello", "\"versions\":[1],\"client\":\"c\",\"token\":\"anna-1\"");

    assertAcked(client.ask("auth.refresh", "\"token\":\"anna-2\""));
    assertThat(code(client.ask("auth.refresh", "\"token\":\"ben\""))).isEqualTo("forbidden");
    assertThat(code(client.ask("auth.refresh", "\"token\":\"x\""))).isEqualTo("unauthenticated");
    assertAcked(client.ask("session.status", "\"session\":\"s\""));
    assertThat(front.sessions().nextCommand().client().principal()).isEqualTo("anna");
  }

  @Test
  void goodbye_is_answered_before_the_connection_closes() throws Exception {
    TestClient client = client(front(""));

    assertAcked(client.ask("goodbye", ""));
    assertThat(client.closeCode()).isEqualTo(1000);
  }
}
