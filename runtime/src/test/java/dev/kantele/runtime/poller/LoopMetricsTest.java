package dev.kantele.runtime.poller;

import static dev.kantele.runtime.poller.LoopRig.MILLI;
import static dev.kantele.runtime.poller.LoopRig.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kantele.runtime.poller.LoopSnapshot.Distribution;
import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.Trigger;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {
  private static final Distribution NOTHING = new Distribution(0, 0, 0, 0, 0, 0, 0);

  @Nested
  class TimingAll {
    private final LoopRig rig = new LoopRig(settings -> LoopRig.sampled(settings, 1));

    TimingAll() {
      rig.loop.adopt();
    }

    private LoopSnapshot snapshot() {
      return rig.loop.metrics().snapshot();
    }

    @Test
    void knows_nothing_before_there_is_anything() {
      LoopSnapshot snapshot = new LoopRig().loop.metrics().snapshot();
      assertThat(snapshot.tasks()).isZero();
      assertThat(snapshot.queueWait()).isEqualTo(NOTHING);
      assertThat(snapshot.rates()).isEqualTo(new LoopSnapshot.Rates(0, 0, 0, 0));
      assertThat(snapshot.utilization()).isZero();
    }

    @Test
    void tells_how_long_tasks_waited_apart_from_how_long_they_ran() {
      for (int i = 0; i < 8; i++) {
        rig.loop.execute(() -> rig.poller.advance(MILLI));
      }
      rig.poller.advance(4 * MILLI);
      rig.tick();
      rig.runFor(Duration.ofSeconds(2));
      LoopSnapshot snapshot = snapshot();
      assertThat(snapshot.run().count()).isEqualTo(8);
      assertThat(snapshot.run().p50()).isCloseTo(MILLI, within(MILLI / 100));
      assertThat(snapshot.run().max()).isCloseTo(MILLI, within(MILLI / 100));
      assertThat(snapshot.queueWait().mean()).isCloseTo(7.5 * MILLI, within(0.1 * MILLI));
      assertThat(snapshot.queueWait().max()).isCloseTo(11 * MILLI, within(MILLI / 5));
    }

    @Test
    void times_tasks_that_fail_as_well() {
      rig.loop.execute(
          () -> {
            rig.poller.advance(MILLI);
            throw new IllegalStateException("thrown");
          });
      rig.tick();
      rig.runFor(Duration.ofSeconds(2));
      assertThat(snapshot().run().count()).isEqualTo(1);
      assertThat(snapshot().tasks()).isEqualTo(1);
      assertThat(snapshot().faults()).isEqualTo(1);
    }

    @Test
    void forgets_after_ten_seconds_but_goes_on_counting() {
      rig.loop.execute(() -> rig.poller.advance(50 * MILLI));
      rig.tick();
      rig.runFor(Duration.ofSeconds(9));
      assertThat(snapshot().run().count()).isEqualTo(1);
      rig.runFor(Duration.ofSeconds(3));
      assertThat(snapshot().run()).isEqualTo(NOTHING);
      assertThat(snapshot().tasks()).isEqualTo(1);
    }

    @Test
    void keeps_no_more_than_it_tells() {
      rig.runFor(Duration.ofSeconds(60));
      assertThat(rig.loop.metrics().kept()).isBetween(9, 11);
    }

    @Test
    void forgets_after_a_long_pause_too() {
      rig.loop.execute(() -> rig.poller.advance(50 * MILLI));
      rig.tick();
      rig.runFor(Duration.ofSeconds(2));
      rig.poller.advance(3_600_000 * MILLI);
      assertThat(snapshot().run()).isEqualTo(NOTHING);
    }

    @Test
    void tells_what_is_done_in_a_second_from_the_first_seconds_on() {
      rig.loop.interval(Duration.ofMillis(10), _ -> rig.loop.execute(() -> {})).scheduleNanos(0);
      rig.runFor(Duration.ofSeconds(3));
      assertThat(snapshot().rates().tasks()).isCloseTo(100, within(3.0));
      assertThat(snapshot().rates().timers()).isCloseTo(100, within(3.0));
      rig.runFor(Duration.ofSeconds(20));
      assertThat(snapshot().rates().tasks()).isCloseTo(100, within(3.0));
    }

    @Test
    void tells_how_late_timers_ran() {
      rig.timer("t").schedule(Duration.ofMillis(10));
      rig.poller.advance(35 * MILLI);
      rig.tick();
      rig.runFor(Duration.ofSeconds(2));
      assertThat(snapshot().timerLateness().max()).isCloseTo(25 * MILLI, within(MILLI / 4));
      assertThat(snapshot().timers()).isEqualTo(1);
    }

    @Test
    void tells_time_that_is_waited_from_time_that_is_worked() {
      rig.loop.runOnce(30 * MILLI);
      rig.loop.execute(() -> rig.poller.advance(10 * MILLI));
      rig.tick();
      LoopSnapshot snapshot = snapshot();
      assertThat(snapshot.waitingNanos()).isEqualTo(30 * MILLI);
      assertThat(snapshot.workingNanos()).isEqualTo(10 * MILLI);
      assertThat(snapshot.utilization()).isEqualTo(0.25);
      assertThat(snapshot.waits()).isEqualTo(1);
    }

    @Test
    void tells_how_many_wait_now_and_at_the_most_and_on_average() {
      elsewhere(
          () -> {
            for (int i = 0; i < 500; i++) {
              rig.loop.execute(() -> {});
            }
          });
      assertThat(snapshot().foreign().now()).isEqualTo(500);
      assertThat(snapshot().foreign().most()).as("never less than now").isEqualTo(500);
      rig.tick();
      assertThat(snapshot().foreign().now()).isZero();
      assertThat(snapshot().foreign().average()).as("begins where it is").isEqualTo(500);
      rig.tick();
      assertThat(snapshot().foreign().average()).isEqualTo(450);
      assertThat(snapshot().foreign().most()).as("of the second that runs too").isEqualTo(500);
      rig.runFor(Duration.ofSeconds(2));
      assertThat(snapshot().foreign().most()).isEqualTo(500);
      rig.runFor(Duration.ofSeconds(12));
      assertThat(snapshot().foreign().most()).isZero();
    }

    @Test
    void tells_the_loops_own_tasks_and_its_timers_apart_from_those_of_others() {
      rig.loop.execute(
          () -> {
            for (int i = 0; i < 5_000; i++) {
              rig.loop.execute(() -> {});
            }
          });
      rig.timer("later").schedule(Duration.ofMinutes(1));
      rig.tick();
      rig.tick();
      LoopSnapshot snapshot = snapshot();
      assertThat(snapshot.own().now()).as("what the tick before left").isPositive();
      assertThat(snapshot.foreign().now()).isZero();
      assertThat(snapshot.scheduled()).isEqualTo(new LoopSnapshot.Depth(1, 1, 1));
      rig.runFor(Duration.ofSeconds(2));
      assertThat(snapshot().own().now()).isZero();
      assertThat(snapshot().own().most()).isEqualTo(snapshot.own().now());
      assertThat(snapshot().scheduled().most()).isEqualTo(1);
    }

    @Test
    void tells_how_busy_it_was_of_late() {
      rig.runFor(Duration.ofSeconds(30));
      assertThat(snapshot().rates().busy()).isZero();
      rig.loop
          .interval(Duration.ofMillis(100), _ -> rig.poller.advance(40 * MILLI))
          .scheduleNanos(0);
      rig.runFor(Duration.ofSeconds(12));
      assertThat(snapshot().rates().busy()).isCloseTo(0.4, within(0.02));
      assertThat(snapshot().utilization()).as("of its life").isLessThan(0.2);
    }

    @Test
    void tells_how_many_sources_are_watched() throws Exception {
      var registration = rig.loop.register(1, Trigger.LEVEL, Interest.READ, (_, _) -> {});
      rig.tick();
      assertThat(snapshot().sources()).isEqualTo(1);
      registration.cancel();
      rig.tick();
      assertThat(snapshot().sources()).isZero();
    }

    @Test
    void tells_how_many_sources_a_wait_finds() throws Exception {
      for (int i = 0; i < 5; i++) {
        rig.loop.register(i, Trigger.ONE_SHOT, Interest.READ, (_, _) -> {});
        rig.poller.makeReady(i, 1);
      }
      rig.loop.runOnce(MILLI);
      rig.runFor(Duration.ofSeconds(2));
      assertThat(snapshot().eventsPerWait().max()).isEqualTo(5);
      assertThat(snapshot().events()).isEqualTo(5);
    }

    @Test
    void agrees_with_counting_by_hand() {
      long[] expected = new long[1_000];
      java.util.Random random = new java.util.Random(7);
      for (int i = 0; i < expected.length; i++) {
        long nanos = (long) Math.exp(random.nextDouble() * 16) + 32;
        expected[i] = nanos;
        rig.loop.execute(() -> rig.poller.advance(nanos));
      }
      while (snapshot().tasks() < expected.length) {
        rig.tick();
      }
      rig.runFor(Duration.ofSeconds(2));
      java.util.Arrays.sort(expected);
      Distribution run = snapshot().run();
      assertThat(run.count()).isEqualTo(1_000);
      assertIsAbout(run.p50(), expected[499]);
      assertIsAbout(run.p90(), expected[899]);
      assertIsAbout(run.p99(), expected[989]);
      assertIsAbout(run.max(), expected[999]);
    }

    private static void assertIsAbout(long value, long exact) {
      assertThat(value).isCloseTo(exact, within(exact / 50 + 32));
    }
  }

  @Nested
  class TimingNothing {
    private final LoopRig rig = new LoopRig(settings -> LoopRig.sampled(settings, 0));

    @Test
    void counts_nevertheless() {
      rig.loop.execute(() -> rig.poller.advance(MILLI));
      rig.runFor(Duration.ofSeconds(3));
      LoopSnapshot snapshot = rig.loop.metrics().snapshot();
      assertThat(snapshot.tasks()).isEqualTo(1);
      assertThat(snapshot.run()).isEqualTo(NOTHING);
      assertThat(snapshot.waitingNanos()).isPositive();
    }
  }
}
