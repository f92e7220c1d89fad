package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.TurnCompleted;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who read the same session at once, each at a pace of its own. */
@Timeout(60)
final class SubscriptionTest {
  private static final int SUBSCRIBERS = 100;
  private static final int DELTAS = 20;

  private static final TestKantele NODE = TestKantele.start();

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final TestModel.Calls calls = NODE.model.byHand("by-hand-" + session.id());

  private TestModel.Call begin() {
    ack(session.submit(prompt(session, calls.model)));
    return calls.next();
  }

  private List<Subscriber> subscribers(int count) {
    var subscribers = new ArrayList<Subscriber>();
    for (int i = 0; i < count; i++) {
      subscribers.add(Subscriber.of(session));
    }
    return subscribers;
  }

  @Test
  void all_see_the_same_while_it_streams() {
    List<Subscriber> subscribers = subscribers(SUBSCRIBERS);
    TestModel.Call call = begin();
    for (int delta = 0; delta < DELTAS; delta++) {
      call.say("piece " + delta + " ");
      subscribers.forEach(subscriber -> subscriber.await(TextDelta.class));
    }
    call.finish();
    subscribers.forEach(
        subscriber -> assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class));

    List<Event> first = subscribers.getFirst().seen();
    assertThat(first).filteredOn(event -> event.body() instanceof TextDelta).hasSize(DELTAS);
    for (Subscriber subscriber : subscribers) {
      assertThat(subscriber.seen()).isEqualTo(first);
      assertThat(subscriber.open()).isEmpty();
      subscriber.close();
    }
  }

  @Test
  void who_comes_late_or_reads_later_has_the_same_text_in_the_end() {
    Subscriber steady = Subscriber.of(session);
    Subscriber slow = Subscriber.of(session);
    TestModel.Call call = begin();
    slow.await(StreamStarted.class);
    for (int delta = 0; delta < DELTAS; delta++) {
      call.say("piece " + delta + " ");
      steady.await(TextDelta.class);
    }
    Subscriber late = Subscriber.of(session);
    late.await(TextDelta.class);
    call.finish();

    for (Subscriber subscriber : List.of(steady, slow, late)) {
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.last()).isEqualTo(steady.last());
      assertThat(subscriber.open()).isEmpty();
    }
  }

  @Test
  void who_leaves_takes_nothing_from_the_turn_or_the_others() {
    List<Subscriber> leaving = subscribers(3);
    Subscriber staying = Subscriber.of(session);
    TestModel.Call call = begin();
    call.say("One, ");
    leaving.forEach(subscriber -> subscriber.await(TextDelta.class));
    staying.await(TextDelta.class);
    leaving.forEach(Subscriber::close);
    call.say("two.");
    staying.await(TextDelta.class);
    staying.close();
    call.finish();

    Subscriber after = Subscriber.of(session);
    assertThat(after.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
    assertThat(after.open()).isEmpty();
  }
}
