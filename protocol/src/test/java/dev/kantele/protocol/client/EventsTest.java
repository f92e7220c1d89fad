package dev.kantele.protocol.client;

import static dev.kantele.protocol.client.ClientHarness.MIN;
import static dev.kantele.protocol.client.ClientHarness.join;
import static dev.kantele.protocol.client.ClientHarness.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest extends FakeNodeFixture {
  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Nested
  class A_subscriber {
    @Test
    void gets_what_comes_after_its_cursor_in_order() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(5, 1);
            came.add(peer.attached(5));
            peer.deltas(4, 6).waitForTheEnd();
          });

      Recorder recorder = Recorder.of(open().events(3));

      assertThat(recorder.next(3)).containsExactly(4L, 5L, 6L);
      var attach = (Command.SessionAttach) take(came);
      assertThat(attach.after()).isEqualTo(3);
      assertThat(attach.log()).contains(Peer.LOG);
      assertThat(attach.credit()).hasValue(256);
    }

    @Test
    void goes_on_after_the_last_event_on_a_new_connection() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(10, 1);
            peer.attached(10);
            peer.deltas(1, 2);
          });
      node.then(
          peer -> {
            Command.SessionAttach attach = peer.greet().attached(10);
            came.add(attach);
            peer.deltas(attach.after() + 1, 4).waitForTheEnd();
          });
      Recorder recorder = Recorder.of(open().events(0));
      harness.endPause(MIN);

      assertThat(recorder.next(4)).containsExactly(1L, 2L, 3L, 4L);
      var again = (Command.SessionAttach) take(came);
      assertThat(again.after())
          .as("what came just before the end may get lost with it")
          .isBetween(0L, 2L);
      assertThat(again.log()).contains(Peer.LOG);
    }

    @Test
    void gets_an_event_of_a_newer_version_and_what_follows_it() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(5, 1);
            peer.attached(5);
            peer.send(
                """
                {"seq":1,"type":"x-mood","session":"s","at":"2026-03-01T09:30:00.055Z","mood":1}""");
            peer.delta(2).waitForTheEnd();
          });

      Recorder recorder = Recorder.of(open().events(0));

      assertThat(recorder.next().body()).isInstanceOf(EventBody.Unknown.class);
      assertThat(recorder.next().seq()).isEqualTo(2);
    }

    @Test
    void completes_when_the_session_is_closed() {
      node.then(
          peer -> {
            peer.opened(1, 1);
            peer.attached(1);
            peer.event(2, new EventBody.SessionClosed(Optional.empty())).waitForTheEnd();
          });

      Recorder recorder = Recorder.of(open().events(1));

      join(recorder.end());
      assertThat(recorder.waiting()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CURSOR_UNKNOWN", "SESSION_NOT_FOUND", "FORBIDDEN"})
    void fails_with_the_refusal_of_the_session(ErrorCode code) {
      node.then(
          peer -> {
            peer.opened(5, 1);
            peer.nack(peer.next(Command.SessionAttach.class), code).waitForTheEnd();
          });

      Recorder recorder = Recorder.of(open().events(9));

      assertThatThrownBy(() -> join(recorder.end()))
          .isInstanceOf(CommandRefusedException.class)
          .extracting("code")
          .isEqualTo(code);
    }

    @Test
    void fails_when_the_client_is_closed() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(5, 1);
            peer.attached(5);
            peer.delta(1).waitForTheEnd();
          });
      KanteleClient client = harness.connect();
      Recorder recorder = Recorder.of(client.open("s").events(0));
      recorder.next();

      client.close();

      assertThatThrownBy(() -> join(recorder.end())).hasMessage("the client was closed");
    }

    @Test
    void that_comes_after_the_close_fails_with_its_subscription_given_first() {
      node.then(peer -> peer.opened(5, 1).waitForTheEnd());
      KanteleClient client = harness.connect();
      ClientSession session = client.open("s");
      client.close();

      Recorder recorder = Recorder.of(session.events(0));

      assertThat(recorder.subscription()).isNotNull();
      assertThatThrownBy(() -> join(recorder.end())).hasMessage("the client was closed");
    }
  }

  @Nested
  class Demand {
    private void manyEvents() {
      node.then(
          peer -> {
            peer.opened(1000, 1);
            Command.SessionAttach attach = peer.attached(1000);
            long allowed = attach.credit().orElseThrow();
            long sent = 0;
            while (sent < 1000) {
              while (sent < allowed && sent < 1000) {
                sent++;
                peer.delta(sent);
              }
              if (sent < 1000) {
                var credit = peer.next(Command.SessionCredit.class);
                came.add(credit);
                allowed += credit.events();
                peer.done(credit);
              }
            }
            peer.waitForTheEnd();
          });
    }

    @Test
    void that_is_unlimited_is_met_within_a_window() throws InterruptedException {
      manyEvents();

      Recorder recorder = Recorder.of(open().events(0));

      assertThat(recorder.next(1000)).isEqualTo(numbers(1, 1000));
      assertThat(came)
          .isNotEmpty()
          .allSatisfy(
              credit ->
                  assertThat(((Command.SessionCredit) credit).events()).isBetween(128L, 256L));
    }

    @Test
    void is_never_exceeded() throws InterruptedException {
      manyEvents();
      Recorder recorder = Recorder.of(open().events(0), 3);

      assertThat(recorder.next(3)).containsExactly(1L, 2L, 3L);
      recorder.subscription().request(2);
      assertThat(recorder.next(2)).containsExactly(4L, 5L);

      assertThat(recorder.waiting()).isZero();
    }

    @Test
    void of_one_at_a_time_is_met() throws InterruptedException {
      manyEvents();
      Recorder recorder = Recorder.of(open().events(0), 1);

      for (long seq = 1; seq <= 600; seq++) {
        assertThat(recorder.next().seq()).isEqualTo(seq);
        recorder.subscription().request(1);
      }
    }

    @Test
    void of_none_asks_the_node_for_nothing() {
      var after = new CompletableFuture<Command>();
      node.then(
          peer -> {
            peer.opened(5, 1);
            after.complete(peer.next());
            peer.waitForTheEnd();
          });
      KanteleClient client = harness.connect();
      Recorder recorder = Recorder.of(client.open("s").events(0), 0);
      recorder.subscription();
      CompletableFuture<Reply> _ = client.submit(new Command.Ping(client.newCommandId()));

      assertThat(join(after)).isInstanceOf(Command.Ping.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void below_one_fails_the_subscription(long demand) {
      node.then(peer -> peer.opened(5, 1).waitForTheEnd());
      Recorder recorder = Recorder.of(open().events(0), 0);

      recorder.subscription().request(demand);

      assertThatThrownBy(() -> recorder.end().join())
          .hasCauseInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("request: " + demand + " (expected: more than 0; rule 3.9)");
    }

    @Test
    void that_overflows_counts_as_unlimited() throws InterruptedException {
      manyEvents();
      Recorder recorder = Recorder.of(open().events(0), Long.MAX_VALUE - 1);
      recorder.subscription().request(Long.MAX_VALUE - 1);

      assertThat(recorder.next(1000)).hasSize(1000);
    }

    @Test
    void of_one_that_takes_its_time_holds_up_nobody_else() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(100, 1);
            while (true) {
              switch (peer.next()) {
                case Command.SessionAttach attach -> {
                  peer.ack(attach.id(), new AckBody.Attached(Peer.LOG, 100, 1));
                  long to = Math.min(100, attach.after() + attach.credit().orElseThrow());
                  peer.deltas(attach.after() + 1, to);
                }
                case Command.SessionCredit credit -> peer.nack(credit, ErrorCode.INTERNAL);
                default -> {}
              }
            }
          });
      ClientSession session = harness.connect(harness.settings().eventWindow(16)).open("s");
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var slow = new LinkedBlockingQueue<Long>();
      session
          .events(0)
          .subscribe(
              new Delegating() {
                @Override
                public void onNext(Event event) {
                  entered.countDown();
                  try {
                    release.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  slow.add(event.seq());
                }
              });
      entered.await();

      Recorder fast = Recorder.of(session.events(0));
      assertThat(fast.next(100)).isEqualTo(numbers(1, 100));
      release.countDown();

      for (long seq = 1; seq <= 100; seq++) {
        assertThat(take(slow)).isEqualTo(seq);
      }
    }
  }

  /** A subscriber that wants everything. */
  private abstract static class Delegating implements Flow.Subscriber<Event> {
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      given.request(Long.MAX_VALUE);
    }

    void cancel() {
      subscription.join().cancel();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  @Nested
  class A_cancel {
    private final CompletableFuture<Command> next = new CompletableFuture<>();

    private void tenEvents() {
      node.then(
          peer -> {
            peer.opened(10, 1);
            peer.attached(10);
            peer.deltas(1, 10);
            next.complete(peer.next());
            peer.waitForTheEnd();
          });
    }

    @Test
    void from_within_stops_the_events_at_once_and_detaches() {
      tenEvents();
      var events = new AtomicInteger();

      open()
          .events(0)
          .subscribe(
              new Delegating() {
                @Override
                public void onNext(Event event) {
                  if (events.incrementAndGet() == 3) {
                    cancel();
                    cancel();
                  }
                }
              });

      assertThat(join(next)).isInstanceOf(Command.SessionDetach.class);
      assertThat(events).hasValue(3);
    }

    @Test
    void makes_a_later_demand_mean_nothing() {
      node.then(
          peer -> {
            peer.opened(10, 1);
            next.complete(peer.next());
            peer.waitForTheEnd();
          });
      ClientSession session = open();
      Recorder recorder = Recorder.of(session.events(0), 0);
      recorder.subscription().cancel();
      recorder.subscription().request(5);
      recorder.subscription().request(-1);
      CompletableFuture<AckBody.Status> _ = session.status();

      assertThat(join(next)).isInstanceOf(Command.SessionStatus.class);
      assertThat(recorder.end()).isNotDone();
    }

    @Test
    void comes_of_a_subscriber_that_throws_and_the_failure_is_not_lost()
        throws InterruptedException {
      tenEvents();
      var failure = new IllegalStateException("out of paper");

      open()
          .events(0)
          .subscribe(
              new Delegating() {
                @Override
                public void onNext(Event event) {
                  throw failure;
                }
              });

      assertThat(join(next)).isInstanceOf(Command.SessionDetach.class);
      assertThat(take(harness.uncaught)).isSameAs(failure);
    }
  }

  @SuppressWarnings("NullAway") // What a caller without such checks may do.
  private static Flow.Subscriber<Event> nobody() {
    return null;
  }

  @Test
  void subscribers_are_never_null() {
    node.then(peer -> peer.opened(5, 1).waitForTheEnd());
    ClientSession session = open();

    assertThatThrownBy(() -> session.events(0).subscribe(nobody()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> session.events(-1)).hasMessage("after: -1 (expected: 0 or more)");
  }

  @Test
  void a_snapshot_takes_the_place_of_what_is_gone() throws InterruptedException {
    node.then(
        peer -> {
          peer.opened(90, 1);
          peer.attached(90);
          peer.event(new Covers(1, 90), Snapshots.page(1, 2));
          peer.event(new Covers(1, 90), Snapshots.page(2, 2));
          peer.delta(91).waitForTheEnd();
        });

    Recorder recorder = Recorder.of(open().events(7));

    assertThat(recorder.next(3)).containsExactly(90L, 90L, 91L);
  }

  @Test
  void sessions_share_a_connection() throws InterruptedException {
    node.then(
        peer -> {
          peer.opened(1, 1).open(1, 1);
          peer.attached(1);
          peer.deltas(2, 3);
          peer.waitForTheEnd();
        });
    KanteleClient client = harness.connect();
    ClientSession first = client.open("s");
    ClientSession second = client.open("other");

    Recorder recorder = Recorder.of(first.events(1));

    assertThat(recorder.next(2)).containsExactly(2L, 3L);
    assertThat(second.id().value()).isEqualTo("other");
  }
}
