package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.JournalRecord.Visible;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever a session does, and wherever a subscriber stands: no event is missed or repeated, and of
 * each operation it gets all of the text from where it stands, or none.
 */
class PullProperties {
  /** A piece that an operation said. */
  private record Piece(String operation, String text) {}

  /** A session that starts and ends a stream and a tool call, and lets them speak. */
  private static final class Writer {
    final TestLog test;
    final TreeMap<Long, Piece> pieces = new TreeMap<>();
    final Set<String> running = new HashSet<>();
    private int made;
    private Optional<StreamId> stream = Optional.empty();
    private Optional<InvocationId> call = Optional.empty();

    Writer(long windowBytes) {
      test = new TestLog(windowBytes);
    }

    void act(int action) {
      switch (action) {
        case 0 -> toggleStream();
        case 1 -> toggleCall();
        case 2 -> test.with(TestLog.queued("turn" + ++made));
        case 3 -> note();
        default -> speak(action);
      }
    }

    private void toggleStream() {
      if (stream.isPresent()) {
        running.remove(stream.get().value());
        test.with(
            new EventBody.StreamCompleted(
                TestLog.TURN,
                stream.get(),
                Message.of(Role.ASSISTANT, List.of()),
                Usage.NONE,
                FinishReason.END));
        stream = Optional.empty();
      } else {
        var id = new StreamId("stream" + ++made);
        running.add(id.value());
        stream = Optional.of(id);
        test.with(new EventBody.StreamStarted(TestLog.TURN, id, "test/one", 1, Optional.empty()));
      }
    }

    private void toggleCall() {
      if (call.isPresent()) {
        running.remove(call.get().value());
        test.with(new EventBody.ToolCompleted(TestLog.TURN, call.get(), TextNode.valueOf("done")));
        call = Optional.empty();
      } else {
        var id = new InvocationId("call" + ++made);
        running.add(id.value());
        call = Optional.of(id);
        test.with(new EventBody.ToolStarted(TestLog.TURN, id, new EffectId("effect"), 1));
      }
    }

    private void note() {
      if (test.log.lastSeq() > 0) {
        long seq = test.journal.getLast().seq();
        test.commit(
            new JournalRecord(
                Covers.of(seq),
                test.log.lastSeq() + JournalRecord.RESERVATION,
                TestLog.AT,
                new JournalRecord.Reserved(),
                Optional.empty()));
      }
    }

    private void speak(int action) {
      String text = "p" + ++made + "x".repeat(action >= 10 ? 700 : action * 7) + ".";
      if (action % 2 == 0) {
        stream.ifPresent(
            id ->
                say(
                    id.value(),
                    text,
                    new EventBody.TextDelta(TestLog.TURN, id, action % 4 / 2, text)));
      } else {
        call.ifPresent(
            id ->
                say(
                    id.value(),
                    text,
                    new EventBody.ToolOutput(
                        TestLog.TURN, id, Optional.of(text), Optional.empty())));
      }
    }

    private void say(String operation, String text, EventBody.Live event) {
      test.with(event);
      String part = event instanceof EventBody.TextDelta delta ? "/" + delta.part() : "";
      pieces.put(test.log.lastSeq(), new Piece(operation + part, text));
    }

    /** What each part of an operation said within {@code covers}. */
    Map<String, String> said(Covers covers) {
      var said = new TreeMap<String, String>();
      pieces
          .subMap(covers.from(), true, covers.to(), true)
          .values()
          .forEach(piece -> said.merge(piece.operation(), piece.text(), String::concat));
      return said;
    }

    boolean isRunning(String part) {
      return running.contains(part.replaceAll("/.*", ""));
    }

    List<EventBody> durableAfter(long after) {
      var events = new ArrayList<EventBody>();
      for (JournalRecord row : test.journal) {
        if (row.content() instanceof Visible(var body) && row.seq() > after) {
          events.add(body);
        }
      }
      return events;
    }
  }

  /** One that pulls now and then, and checks what it gets. */
  private static final class Subscriber {
    private final Writer writer;
    private final long joined;
    private final int maxEvents;
    private final long maxBytes;
    private final List<EventBody> durable = new ArrayList<>();
    private final Set<String> missed = new HashSet<>();
    private long cursor;

    Subscriber(Writer writer, long after, int maxEvents, long maxBytes) {
      this.writer = writer;
      this.joined = after;
      this.cursor = after;
      this.maxEvents = maxEvents;
      this.maxBytes = maxBytes;
    }

    /** Pulls once; tells whether something came. */
    boolean pull() {
      List<Delivery> deliveries = writer.test.deliveries(cursor, maxEvents, maxBytes);
      assertThat(deliveries).hasSizeLessThanOrEqualTo(maxEvents);
      for (Delivery delivery : deliveries) {
        assertThat(delivery.covers().from()).as("no hole, no repeat").isEqualTo(cursor + 1);
        cursor = delivery.covers().to();
        take(delivery);
      }
      return !deliveries.isEmpty();
    }

    private void take(Delivery delivery) {
      EventBody body = delivery.entry().body();
      if (body instanceof EventBody.Durable) {
        durable.add(body);
      }
      var got = new TreeMap<String, String>();
      read(body, got);
      Map<String, String> said = writer.said(delivery.covers());
      assertThat(got.entrySet()).as("all that was said, or nothing").isSubsetOf(said.entrySet());
      said.keySet().removeAll(got.keySet());
      assertThat(said.keySet()).as("missed of what runs").noneMatch(writer::isRunning);
      assertThat(got.keySet()).as("the rest of what was missed").noneMatch(missed::contains);
      missed.addAll(said.keySet());
    }

    private static void read(EventBody body, Map<String, String> got) {
      switch (body) {
        case EventBody.TextDelta delta ->
            assertThat(got.put(delta.stream() + "/" + delta.part(), delta.text())).isNull();
        case EventBody.ToolOutput output ->
            assertThat(got.put(output.invocation().value(), output.chunk().orElseThrow())).isNull();
        case EventBody.Catchup catchup -> catchup.events().forEach(event -> read(event, got));
        default -> {}
      }
    }

    void readToTheEnd() {
      while (pull()) {
        assertThat(cursor).isLessThanOrEqualTo(writer.test.log.lastSeq());
      }
      assertThat(cursor).isEqualTo(writer.test.log.lastSeq());
      assertThat(durable).isEqualTo(writer.durableAfter(joined));
    }
  }

  @Property(tries = 500)
  void a_subscriber_that_pulls_now_and_then_misses_nothing(
      @ForAll @Size(max = 120) List<@IntRange(max = 12) Integer> actions,
      @ForAll @IntRange(min = 1, max = 6_000) int windowBytes,
      @ForAll @IntRange(min = 1, max = 10) int maxEvents,
      @ForAll @IntRange(min = 1, max = 1_500) int maxBytes) {
    var writer = new Writer(windowBytes);
    var subscriber = new Subscriber(writer, 0, maxEvents, maxBytes);

    for (int action : actions) {
      if (action == 12) {
        subscriber.pull();
      } else {
        writer.act(action);
      }
    }

    subscriber.readToTheEnd();
  }

  @Property(tries = 300)
  void a_subscriber_may_join_at_any_number(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(max = 11) Integer> actions,
      @ForAll @IntRange(min = 1, max = 4_000) int windowBytes,
      @ForAll @IntRange(min = 1, max = 10) int maxEvents,
      @ForAll @IntRange(min = 1, max = 1_500) int maxBytes) {
    var writer = new Writer(windowBytes);
    actions.forEach(writer::act);

    for (long after = 0; after <= writer.test.log.lastSeq(); after++) {
      new Subscriber(writer, after, maxEvents, maxBytes).readToTheEnd();
    }
  }

  @Property(tries = 200)
  void the_window_keeps_within_its_bytes_or_holds_one_event(
      @ForAll @Size(max = 100) List<@IntRange(max = 11) Integer> actions,
      @ForAll @IntRange(min = 1, max = 4_000) int windowBytes) {
    var writer = new Writer(windowBytes);
    int largest = SessionLog.sizeOf(TestLog.text("x".repeat(1_000)));

    for (int action : actions) {
      writer.act(action);
      assertThat(writer.test.log.windowBytes()).isLessThanOrEqualTo(Math.max(windowBytes, largest));
    }
  }
}
