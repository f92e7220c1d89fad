package dev.kantele.runtime.websocket;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Authenticator;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** How a connection begins and ends, over a real socket. */
final class HelloTest extends Conversation {
  @Test
  void is_answered_by_what_the_node_takes() throws Exception {
    TestFront front = front("websocket { heartbeat = 30s, max-subscriptions = 7 }");
    TestClient client = opened(TestClient.connect(http, front.address()));

    JsonNode welcome = client.ask("hello", "\"versions\":[2,1],\"client\":\"c\"");

    assertThat(client.subprotocol()).isEqualTo("kantele.v1.json");
    assertThat(welcome.toString())
        .isEqualTo(
            "{\"type\":\"welcome\",\"re\":\"hello\",\"version\":1,\"heartbeat_ms\":30000,"
                + "\"limits\":{\"frame_bytes\":1048576,\"content_parts\":256,"
                + "\"subscriptions\":7,\"queued_turns\":64},\"features\":[]}");
  }

  @Test
  void of_another_version_ends_the_connection() throws Exception {
    TestClient client = opened(TestClient.connect(http, front("").address()));

    assertThat(code(client.ask("hello", "\"versions\":[2],\"client\":\"c\"")))
        .isEqualTo("version_mismatch");
    assertThat(client.closeCode()).isEqualTo(4400);
  }

  @Test
  void is_what_must_come_first() throws Exception {
    TestClient client = opened(TestClient.connect(http, front("").address()));

    assertThat(code(client.ask("ping", ""))).isEqualTo("invalid_message");
    assertThat(client.closeCode()).isEqualTo(4400);
  }

  @Test
  void comes_once() throws Exception {
    TestClient client = client(front(""));

    assertThat(code(client.ask("hello", "\"versions\":[1],\"client\":\"c\"")))
        .isEqualTo("invalid_message");
    assertThat(client.ask("ping", "").path("type").asText()).isEqualTo("pong");
  }

  @Test
  void that_is_refused_ends_the_connection() throws Exception {
    Authenticator nobody = (_, _) -> completedStage(new Authentication.Refused("Not you."));
    TestFront front = opened(TestFront.start(system, "", nobody));
    TestClient client = opened(TestClient.connect(http, front.address()));

    JsonNode nack = client.ask("hello", "\"versions\":[1],\"client\":\"c\"");

    assertThat(code(nack)).isEqualTo("unauthenticated");
    assertThat(nack.at("/error/message").asText()).isEqualTo("Not you.");
    assertThat(client.closeCode()).isEqualTo(4401);
  }

  @Test
  void may_come_again_if_the_authenticator_broke() throws Exception {
    var outcomes = new ConcurrentLinkedQueue<CompletableFuture<Authentication>>();
    outcomes.add(CompletableFuture.failedFuture(new IllegalStateException("token secret-1")));
    outcomes.add(CompletableFuture.completedFuture(new Authentication.Authenticated("anna")));
    TestFront front = opened(TestFront.start(system, "", (_, _) -> outcomes.remove()));
    TestClient client = opened(TestClient.connect(http, front.address()));

    JsonNode nack = client.ask("hello", "\"versions\":[1],\"client\":\"c\"");
    assertThat(code(nack)).isEqualTo("internal");
    assertThat(nack.toString()).doesNotContain("secret-1");
    assertThat(client.ask("hello", "\"versions\":[1],\"client\":\"c\"").path("type").asText())
        .isEqualTo("welcome");
  }

  @Test
  void of_the_same_client_closes_its_older_connection() throws Exception {
    TestFront front = front("");
    TestClient older = client(front);

    TestClient newer = client(front);

    assertThat(older.closeCode()).isEqualTo(4409);
    assertThat(newer.ask("ping", "").path("type").asText()).isEqualTo("pong");
  }

  @Test
  void of_the_same_client_many_times_at_once_leaves_one_connection() throws Exception {
    TestFront front = front("");
    var clients = new ArrayList<TestClient>();
    for (int i = 0; i < 12; i++) {
      clients.add(opened(TestClient.connect(http, front.address())));
    }
    for (TestClient client : clients) {
      client.tell("hello", "\"versions\":[1],\"client\":\"c\"");
    }
    for (TestClient client : clients) {
      client.reply();
    }
    TestClient last = client(front);

    for (TestClient client : clients) {
      assertThat(client.closeCode()).isEqualTo(4409);
    }
    assertThat(last.isClosed()).isFalse();
  }

  @Test
  void draining_closes_every_connection() throws Exception {
    TestFront front = front("");
    TestClient one = opened(TestClient.greeted(http, front.address(), "one"));
    TestClient two = opened(TestClient.greeted(http, front.address(), "two"));

    front.drain();

    assertThat(one.closeCode()).isEqualTo(1001);
    assertThat(two.closeCode()).isEqualTo(1001);
  }

  @Test
  void a_connection_that_its_client_closes_is_gone() throws Exception {
    TestFront front = front("websocket.close-timeout = 1h");
    TestClient client = client(front);

    client.leave();

    assertThat(client.closeCode()).isEqualTo(1000);
    front.drain();
  }
}
