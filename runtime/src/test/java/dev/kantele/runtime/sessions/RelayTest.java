package dev.kantele.runtime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.session.actor.SessionMessage.Pull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class RelayTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final SessionId SESSION = new SessionId("s");
  private static final LogId LOG = new LogId("log");
  private static final Duration HOLD = Duration.ofSeconds(10);
  private static final int MANY = 1_000;

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<SessionRegistry.Command> registry = KIT.createTestProbe();
  private final TestProbe<Relay.Idle> owner = KIT.createTestProbe();
  private final ActorRef<Relay.Command> relay =
      KIT.spawn(Relay.create(SESSION, registry.ref(), HOLD, owner.ref()));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** A subscriber that has pulled. */
  private final class Puller {
    final TestProbe<PullReply> probe = KIT.createTestProbe();

    Puller(Cursor cursor) {
      this(cursor, MANY);
    }

    Puller(Cursor cursor, int maxEvents) {
      relay.tell(new Relay.Ask(new Pull(cursor, maxEvents, 1 << 20, probe.ref())));
    }

    PullReply.Batch batch() {
      return probe.expectMessageClass(PullReply.Batch.class);
    }

    void gets(long from, long to) {
      PullReply.Batch batch = batch();
      assertThat(batch.deliveries())
          .extracting(delivery -> delivery.covers().to())
          .isEqualTo(LongStream.rangeClosed(from, to).boxed().toList());
      assertThat(batch.next()).isEqualTo(new Cursor(LOG, to, /* shared= */ true));
    }
  }

  private static Cursor fresh(long after) {
    return Cursor.of(LOG, after);
  }

  private static Cursor shared(long after) {
    return new Cursor(LOG, after, /* shared= */ true);
  }

  /** The next pull that reaches the session. */
  private Pull pulled() {
    SessionRegistry.Deliver deliver = registry.expectMessageClass(SessionRegistry.Deliver.class);
    assertThat(deliver.session()).isEqualTo(SESSION);
    assertThat(deliver.message()).isInstanceOf(Pull.class);
    return (Pull) deliver.message();
  }

  private static List<Delivery> events(long from, long to) {
    var deliveries = new ArrayList<Delivery>();
    for (long seq = from; seq <= to; seq++) {
      deliveries.add(delivery(Covers.of(seq), new EventBody.Warning(Optional.empty(), "w", "x")));
    }
    return deliveries;
  }

  private static Delivery delivery(Covers covers, EventBody body) {
    return new Delivery(covers, new LogEntry(SESSION, covers, Instant.EPOCH, body));
  }

  private static void answer(Pull pull, long from, long to) {
    pull.replyTo().tell(new PullReply.Batch(events(from, to), fresh(to)));
  }

  @Nested
  class Subscribers_at_the_end {
    @Test
    void share_one_pull_and_its_answer() {
      var pullers = new ArrayList<Puller>();
      for (int i = 0; i < 100; i++) {
        pullers.add(new Puller(fresh(4)));
      }
      Pull pull = pulled();
      assertThat(pull.cursor().after()).isEqualTo(4);

      answer(pull, 5, 6);

      pullers.forEach(puller -> puller.gets(5, 6));
      registry.expectNoMessage();
    }

    @Test
    void get_no_more_than_they_asked_for_and_the_rest_at_once() {
      var puller = new Puller(fresh(0), 2);
      answer(pulled(), 1, 3);
      puller.gets(1, 2);

      new Puller(shared(2)).gets(3, 3);

      registry.expectNoMessage();
    }

    @Test
    void are_told_that_there_is_nothing_yet_and_the_pull_is_repeated() {
      var puller = new Puller(fresh(0));
      Pull lost = pulled();

      time.timePasses(HOLD);

      assertThat(puller.batch()).isEqualTo(new PullReply.Batch(List.of(), shared(0)));
      Pull again = pulled();
      assertThat(again.cursor()).isEqualTo(lost.cursor());
      var next = new Puller(shared(0));
      answer(again, 1, 1);
      next.gets(1, 1);
    }

    @Test
    void get_nothing_twice_when_both_the_pull_and_its_repetition_are_answered() {
      new Puller(fresh(0));
      Pull first = pulled();
      time.timePasses(HOLD);
      Pull again = pulled();
      var puller = new Puller(shared(0));
      answer(again, 1, 2);
      puller.gets(1, 2);
      var next = new Puller(shared(2));
      Pull third = pulled();

      answer(first, 1, 2);
      next.probe.expectNoMessage();

      answer(third, 3, 3);
      next.gets(3, 3);
    }

    @Test
    void wait_on_when_the_session_has_nothing() {
      var puller = new Puller(fresh(0));
      Pull pull = pulled();

      pull.replyTo().tell(new PullReply.Batch(List.of(), pull.cursor()));

      answer(pulled(), 1, 1);
      puller.gets(1, 1);
    }
  }

  @Nested
  class A_subscriber_behind_the_others {
    @Test
    void is_served_from_what_is_kept_if_it_came_from_here() {
      new Puller(fresh(0));
      answer(pulled(), 1, 5);

      new Puller(shared(2)).gets(3, 5);
      new Puller(shared(2), 1).gets(3, 3);

      registry.expectNoMessage();
    }

    @Test
    void asks_the_session_itself_if_it_came_from_elsewhere() {
      new Puller(fresh(0));
      answer(pulled(), 1, 5);
      var others = new Puller(shared(5));
      pulled();

      var late = new Puller(fresh(2));

      Pull own = pulled();
      assertThat(own.replyTo()).isEqualTo(late.probe.ref());
      assertThat(own.cursor()).isEqualTo(fresh(2));
      others.probe.expectNoMessage();
    }

    @Test
    void asks_the_session_itself_if_what_it_lacks_is_kept_no_longer() {
      new Puller(fresh(0));
      answer(pulled(), 1, 600);
      new Puller(shared(600));
      answer(pulled(), 601, 1_200);

      new Puller(shared(176)).gets(177, 1_176);
      var late = new Puller(shared(175));

      assertThat(pulled().replyTo()).isEqualTo(late.probe.ref());
    }

    @Test
    void does_not_take_the_relay_away_from_them() {
      new Puller(fresh(0));
      answer(pulled(), 1, 5);
      new Puller(fresh(1));
      pulled();

      var atTheEnd = new Puller(shared(5));
      answer(pulled(), 6, 6);

      atTheEnd.gets(6, 6);
    }
  }

  @Nested
  class A_snapshot {
    @Test
    void is_given_whole_and_not_kept() {
      var puller = new Puller(fresh(1), 1);
      Pull pull = pulled();
      var pages =
          List.of(
              delivery(new Covers(1, 9), snapshot(1, 2)),
              delivery(new Covers(1, 9), snapshot(2, 2)));

      pull.replyTo().tell(new PullReply.Batch(pages, fresh(9)));

      assertThat(puller.batch().deliveries()).isEqualTo(pages);
      var late = new Puller(shared(5));
      assertThat(pulled().replyTo()).isEqualTo(late.probe.ref());
    }
  }

  @Nested
  class The_end_of_a_log {
    @Test
    void is_told_to_each_by_the_session() {
      var a = new Puller(fresh(3));
      var b = new Puller(fresh(3));
      Pull pull = pulled();

      pull.replyTo().tell(new PullReply.Detached("session_deleted", "Gone."));

      assertThat(List.of(pulled().replyTo(), pulled().replyTo()))
          .containsExactly(a.probe.ref(), b.probe.ref());
      a.probe.expectNoMessage();
    }

    @Test
    void does_not_end_the_subscriptions_of_the_next_log() {
      new Puller(fresh(3));
      Pull old = pulled();
      old.replyTo().tell(new PullReply.Detached("session_deleted", "Gone."));
      pulled();
      var next = new LogId("next");
      var puller = new Puller(Cursor.of(next, 0));
      pulled();

      old.replyTo().tell(new PullReply.Detached("session_deleted", "Gone."));

      Pull own = pulled();
      assertThat(own.replyTo()).isEqualTo(puller.probe.ref());
      assertThat(own.cursor().log()).isEqualTo(next);
      puller.probe.expectNoMessage();
    }
  }

  @Nested
  class A_relay_that_nobody_asks {
    @Test
    void says_so_after_two_quiet_holds() {
      var puller = new Puller(fresh(0));
      answer(pulled(), 1, 1);
      puller.gets(1, 1);

      time.timePasses(HOLD);
      owner.expectNoMessage();
      time.timePasses(HOLD);

      assertThat(owner.expectMessageClass(Relay.Idle.class))
          .isEqualTo(new Relay.Idle(SESSION, relay, 1));
    }

    @Test
    void moves_on_with_the_next_who_is_ahead() {
      var puller = new Puller(fresh(0));
      answer(pulled(), 1, 1);
      puller.gets(1, 1);

      var ahead = new Puller(fresh(7));

      Pull pull = pulled();
      assertThat(pull.cursor().after()).isEqualTo(7);
      answer(pull, 8, 8);
      ahead.gets(8, 8);
    }
  }

  private static EventBody snapshot(int page, int pages) {
    return new EventBody.SessionSnapshot(
        page,
        pages,
        new SnapshotState(
            LOG,
            "agent",
            Optional.empty(),
            /* closed= */ false,
            List.of(),
            List.of(),
            Optional.empty()));
  }
}
