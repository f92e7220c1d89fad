package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** What tests share in which clients that behave talk to a server over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conversation {
  final HttpClient http = HttpClient.newHttpClient();
  final ActorSystem<Void> system = TestFront.system();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    opened.clear();
  }

  @AfterAll
  void stop() {
    http.close();
    system.terminate();
  }

  /** Closes {@code each} after the test. */
  <T extends AutoCloseable> T opened(T each) {
    opened.add(each);
    return each;
  }

  /** A server with changed settings. */
  TestFront front(String changes) {
    return opened(TestFront.start(system, changes));
  }

  /** A client called {@code c} that was welcomed. */
  TestClient client(TestFront front) throws Exception {
    return opened(TestClient.greeted(http, front.address(), "c"));
  }

  /** The code of a refusal. */
  static String code(JsonNode nack) {
    assertThat(nack.path("type").asText()).isEqualTo("nack");
    assertThat(nack.at("/error/message").asText()).isNotBlank();
    return nack.at("/error/code").asText();
  }

  static void assertAcked(JsonNode reply) {
    assertThat(reply.path("type").asText()).as(reply.toString()).isEqualTo("ack");
  }
}
