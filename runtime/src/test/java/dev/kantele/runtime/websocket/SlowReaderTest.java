package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kantele.protocol.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A reader that stalls costs the server no more than its settings say, and then misses nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SESSIONS = 20;
  private static final int EVENTS = 250;
  private static final int EVENT_BYTES = 10_000;

  /** The settings' 256 KiB, what is on its way to the socket, and the buffers of two sockets. */
  private static final long MAX_HELD_BYTES = 2_000_000;

  private final ActorSystem<Void> system = TestFront.system();

  @AfterAll
  void stop() {
    system.terminate();
  }

  @Test
  @Timeout(60)
  void twenty_subscriptions_to_fifty_megabytes() throws Exception {
    try (TestFront front = TestFront.start(system, "");
        RawPeer peer = RawPeer.greeted(front.address(), "c")) {
      List<String> sessions = fill(front);
      for (String session : sessions) {
        peer.send(
            "{\"type\":\"session.attach\",\"id\":\"%1$s\",\"session\":\"%1$s\",\"after\":0}"
                .formatted(session));
      }
      for (int i = 0; i < SESSIONS; i++) {
        front.sessions().nextCommand();
      }

      // A bound that must hold for ever can only be watched for a while.
      assertThat(front.sessions().deliversMoreThan(MAX_HELD_BYTES, 300)).isFalse();
      assertThat(front.sessions().deliveredBytes()).isGreaterThan(100_000);

      readAll(front, peer, sessions);
      assertThat(front.sessions().mostOpenPulls()).isEqualTo(1);
      peer.reset();
    }
  }

  private static List<String> fill(TestFront front) {
    var sessions = new ArrayList<String>();
    for (int i = 0; i < SESSIONS; i++) {
      String name = "session-" + i;
      sessions.add(name);
      for (int event = 0; event < EVENTS; event++) {
        front.sessions().append(new SessionId(name), EVENT_BYTES);
      }
    }
    return sessions;
  }

  /** Reads everything; each session's events in order, and no session far ahead of the others. */
  private static void readAll(TestFront front, RawPeer peer, List<String> sessions)
      throws Exception {
    Map<String, Integer> last = new HashMap<>();
    sessions.forEach(session -> last.put(session, 0));
    Set<String> acked = new HashSet<>();
    long read = 0;
    for (int events = 0; events < SESSIONS * EVENTS; ) {
      JsonNode message = JSON.readTree(peer.read().text());
      if (message.has("re")) {
        acked.add(message.path("re").asText());
        continue;
      }
      String session = message.path("session").asText();
      assertThat(acked).contains(session);
      assertThat(message.path("seq").asInt()).isEqualTo(last.merge(session, 1, Integer::sum));
      read += EVENT_BYTES;
      events++;
      assertThat(front.sessions().deliveredBytes() - read).isLessThan(MAX_HELD_BYTES);
    }
    assertThat(last.values()).containsOnly(EVENTS);
  }
}
