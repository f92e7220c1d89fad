package dev.kantele.runtime.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.Catchup;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.websocket.RawPeer;
import dev.kantele.runtime.websocket.frame.CloseCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A subscriber that stops reading while its session says far more than the log's window and the
 * sockets hold, beside one that reads all the time. The node's time is the test's to move.
 */
@Timeout(60)
final class SlowSubscriberTest {
  private static final int DELTAS = 3_000;
  private static final int DELTA_CHARACTERS = 2_000;
  private static final int DELTAS_AT_ONCE = 50;

  /* Opcodes (RFC 6455, section 5.2). */
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  private static final String SETTINGS =
      """
      pekko.scheduler.implementation = "org.apache.pekko.testkit.ExplicitlyTriggeredScheduler"
      kantele.agents.assistant.model = "hand/long"
      kantele.websocket.heartbeat = %s
      """;

  /** A model whose one call is said by the test. */
  private static final class HandModel implements ModelProvider {
    final CompletableFuture<SourceQueueWithComplete<ModelEvent>> call = new CompletableFuture<>();

    @Override
    public String name() {
      return "hand";
    }

    @Override
    public List<String> models() {
      return List.of("long");
    }

    @Override
    public boolean has(String model) {
      return model.equals("long");
    }

    @Override
    public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
      return Source.<ModelEvent>queue(DELTAS_AT_ONCE, OverflowStrategy.backpressure())
          .mapMaterializedValue(
              queue -> {
                call.complete(queue);
                return NotUsed.getInstance();
              });
    }

    void say(ModelEvent event) throws Exception {
      call.get(20, TimeUnit.SECONDS).offer(event).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  /** What one subscriber has been told, over all its connections. */
  private static final class Told {
    final WireCodec codec = new WireCodec();
    final LogRules rules = LogRules.fromStart();
    final List<Event> events = new ArrayList<>();
    final StringBuilder text = new StringBuilder();

    Event take(String json) {
      Event event = codec.decodeEvent(json.getBytes(UTF_8));
      assertThat(rules.accept(event)).as("what %s violates", event.covers()).isEmpty();
      events.add(event);
      switch (event.body()) {
        case TextDelta delta -> text.append(delta.text());
        case Catchup(var merged) -> merged.forEach(live -> text.append(((TextDelta) live).text()));
        default -> {}
      }
      return event;
    }

    long count(Class<? extends EventBody> kind) {
      return events.stream().map(Event::body).filter(kind::isInstance).count();
    }

    String message() {
      return events.stream()
          .map(Event::body)
          .filter(StreamCompleted.class::isInstance)
          .map(end -> ((StreamCompleted) end).message().text())
          .findFirst()
          .orElseThrow();
    }

    boolean hasEnded() {
      return !events.isEmpty() && events.getLast().body() instanceof TurnCompleted;
    }
  }

  /** The peer that stops reading; each command's reply is read by hand. */
  private static RawPeer attach(WireNode node, long after) throws IOException {
    RawPeer peer = RawPeer.connect(node.address());
    peer.send(
        """
        {"type":"hello","id":"h","versions":[1],"client":"slow","token":"owner"}""");
    assertThat(peer.read().text()).contains("\"welcome\"");
    peer.send(
        """
        {"type":"session.attach","id":"a","session":"s","after":%d}"""
            .formatted(after));
    assertThat(peer.read().text()).contains("\"ack\"");
    return peer;
  }

  private static void attach(WireClient client) throws Exception {
    client.call("{'type':'session.attach','session':'s','after':0}");
  }

  /** Has the model say everything, at the pace of {@code client}; returns the text. */
  private static String sayAll(HandModel model, WireClient client, Told told) throws Exception {
    var text = new StringBuilder();
    for (int delta = 0; delta < DELTAS; delta++) {
      String piece = ("%05d".formatted(delta) + " ").repeat(DELTA_CHARACTERS / 6);
      text.append(piece);
      model.say(new ModelEvent.TextDelta(0, piece));
      if (delta % DELTAS_AT_ONCE == DELTAS_AT_ONCE - 1) {
        readUpTo(client, told, text.length());
      }
    }
    return text.toString();
  }

  private static void readUpTo(WireClient client, Told told, long characters) throws Exception {
    while (told.text.length() < characters) {
      told.take(client.event().toString());
    }
  }

  private static void readToEnd(WireClient client, Told told) throws Exception {
    while (!told.hasEnded()) {
      told.take(client.event().toString());
    }
  }

  private static void readUpTo(RawPeer peer, Told told, long characters) throws IOException {
    while (told.text.length() < characters) {
      told.take(peer.read().text());
    }
  }

  private static void readToEnd(RawPeer peer, Told told) throws IOException {
    while (!told.hasEnded()) {
      told.take(peer.read().text());
    }
  }

  private static void assertMissedNothing(Told told, String text) {
    assertThat(told.count(Catchup.class)).isZero();
    /* What the model says in one go is one event. */
    assertThat(told.count(TextDelta.class)).isGreaterThan(DELTAS / DELTAS_AT_ONCE);
    assertThat(told.text.toString().equals(text)).isTrue();
    assertThat(told.rules.open()).isEmpty();
  }

  /** It is told all of the text, some of it merged. */
  private static void assertCaughtUp(Told told, String text) {
    assertThat(told.count(Catchup.class)).isPositive();
    assertThat(told.text.toString().equals(text)).isTrue();
    assertThat(told.message().equals(text)).isTrue();
    assertThat(told.rules.open()).isEmpty();
  }

  @Test
  void that_comes_back_on_the_same_connection_gets_the_rest_merged() throws Exception {
    var model = new HandModel();
    try (WireNode node = new WireNode(SETTINGS.formatted("1h"), KanteleParts.none().with(model));
        WireClient steady = node.connect().hello("steady", "owner")) {
      steady.call("{'type':'session.open','session':'s'}");
      attach(steady);
      try (RawPeer slow = attach(node, 0)) {
        prompt(steady);
        var toldSteady = new Told();
        String text = sayAll(model, steady, toldSteady);
        ManualTime.get(node.kantele.system()).timePasses(Duration.ofMinutes(1));

        var toldSlow = new Told();
        readUpTo(slow, toldSlow, text.length());
        model.say(new ModelEvent.Finished(FinishReason.END, Usage.NONE));
        readToEnd(slow, toldSlow);
        readToEnd(steady, toldSteady);

        assertCaughtUp(toldSlow, text);
        assertMissedNothing(toldSteady, text);
      }
    }
  }

  @Test
  void that_the_heartbeat_gave_up_goes_on_where_it_was() throws Exception {
    var model = new HandModel();
    try (WireNode node = new WireNode(SETTINGS.formatted("20s"), KanteleParts.none().with(model));
        WireClient steady = node.connect().hello("steady", "owner")) {
      steady.call("{'type':'session.open','session':'s'}");
      attach(steady);
      var toldSlow = new Told();
      var toldSteady = new Told();
      String text;
      try (RawPeer slow = attach(node, 0)) {
        prompt(steady);
        text = sayAll(model, steady, toldSteady);
        for (int halves = 0; halves < 6; halves++) {
          ManualTime.get(node.kantele.system()).timePasses(Duration.ofSeconds(10));
          steady.call("{'type':'ping'}");
        }
        assertThat(readToClose(slow, toldSlow)).isEqualTo(CloseCode.HEARTBEAT_MISSED.number());
      }
      assertThat(toldSlow.text.length()).isBetween(1, text.length() - 1);

      try (RawPeer again = attach(node, toldSlow.rules.last())) {
        readUpTo(again, toldSlow, text.length());
        model.say(new ModelEvent.Finished(FinishReason.END, Usage.NONE));
        readToEnd(again, toldSlow);
        readToEnd(steady, toldSteady);
      }

      assertCaughtUp(toldSlow, text);
      assertMissedNothing(toldSteady, text);
    }
  }

  private static void prompt(WireClient client) throws Exception {
    client.call(
        "{'type':'prompt','session':'s','seq':1,'content':[{'type':'text','text':'Tell.'}]}");
  }

  /** Reads what was on its way; returns the code with which the node closed. */
  private static int readToClose(RawPeer peer, Told told) throws IOException {
    RawPeer.Frame frame = peer.read();
    while (frame.opcode() != CLOSE) {
      if (frame.opcode() == TEXT) {
        told.take(frame.text());
      }
      frame = peer.read();
    }
    return frame.closeCode();
  }
}
