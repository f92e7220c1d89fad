package dev.kantele.runtime.poller;

import static dev.kantele.runtime.poller.LoopRig.MILLI;
import static dev.kantele.runtime.poller.LoopRig.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kantele.runtime.poller.backend.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TimerTest {
  private final LoopRig rig = new LoopRig();

  TimerTest() {
    rig.loop.adopt();
  }

  @Nested
  class Idle {
    @Test
    void is_not_scheduled_and_has_nothing_to_call_off() {
      Timer timer = rig.timer("t");
      assertThat(timer.scheduled()).isFalse();
      assertThat(timer.cancel()).isFalse();
      assertThat(timer).hasToString("Timer[idle]");
    }
  }

  @Nested
  class Scheduled {
    @Test
    void runs_once_at_its_time() {
      Timer timer = rig.timer("t");
      timer.schedule(Duration.ofMillis(10));
      assertThat(timer).hasToString("Timer[at 10000000 ns]");
      rig.runFor(Duration.ofMillis(50));
      assertThat(rig.log).containsExactly("t@10");
      assertThat(timer.scheduled()).isFalse();
    }

    @Test
    void never_runs_early_not_even_by_a_nanosecond() {
      rig.timer("t").scheduleNanos(10);
      rig.poller.advance(9);
      rig.ticks(3);
      assertThat(rig.log).isEmpty();
      rig.poller.advance(1);
      rig.tick();
      assertThat(rig.log).containsExactly("t@0");
    }

    @Test
    void does_not_run_in_the_tick_that_schedules_it() {
      List<Integer> ticks = new ArrayList<>();
      int[] tick = new int[1];
      rig.loop.execute(() -> rig.loop.timer(_ -> ticks.add(tick[0])).scheduleNanos(0));
      for (tick[0] = 1; tick[0] <= 3; tick[0]++) {
        rig.tick();
      }
      assertThat(ticks).containsExactly(2);
    }

    @Test
    void does_not_run_in_the_tick_that_schedules_it_though_that_takes_longer_than_the_delay() {
      Timer early = rig.timer("early");
      early.scheduleNanos(6 * MILLI);
      rig.loop.execute(
          () -> {
            rig.timer("late").scheduleNanos(5 * MILLI);
            rig.poller.advance(10 * MILLI);
          });
      rig.tick();
      assertThat(rig.log)
          .as("one behind it in the order is not held up")
          .containsExactly("early@10");
      rig.tick();
      assertThat(rig.log).containsExactly("early@10", "late@10");
    }

    @Test
    void that_schedules_itself_without_delay_lets_the_loop_look_at_its_sources() throws Exception {
      int[] runs = new int[1];
      rig.loop
          .timer(
              timer -> {
                runs[0]++;
                timer.scheduleNanos(0);
              })
          .scheduleNanos(0);
      rig.loop.register(3, Trigger.LEVEL, 1, (_, _) -> rig.log.add("source after " + runs[0]));
      rig.poller.makeReady(3, 1);
      rig.tick();
      assertThat(rig.log).containsExactly("source after 1");
    }

    @Test
    void runs_those_of_the_same_time_in_the_order_of_scheduling() {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        int number = i;
        rig.loop.timer(_ -> order.add(number)).scheduleNanos(MILLI);
      }
      rig.runFor(Duration.ofMillis(1));
      while (order.size() < 100_000) {
        rig.tick();
      }
      assertThat(order).isSorted();
    }

    @Test
    void keeps_that_order_when_some_are_scheduled_anew() {
      Timer first = rig.timer("first");
      Timer second = rig.timer("second");
      first.scheduleNanos(1);
      second.scheduleNanos(MILLI);
      first.scheduleNanos(MILLI);
      rig.runFor(Duration.ofMillis(2));
      assertThat(rig.log).containsExactly("second@1", "first@1");
    }

    @Test
    void runs_at_the_last_time_that_was_asked_for_be_it_later_or_earlier() {
      Timer later = rig.timer("later");
      later.schedule(Duration.ofMillis(5));
      later.schedule(Duration.ofMillis(20));
      Timer earlier = rig.timer("earlier");
      earlier.schedule(Duration.ofMillis(20));
      earlier.schedule(Duration.ofMillis(5));
      rig.runFor(Duration.ofMillis(50));
      assertThat(rig.log).containsExactly("earlier@5", "later@20");
    }

    @Test
    void runs_after_its_delay_though_the_loop_has_been_busy() {
      rig.loop.execute(
          () -> {
            rig.poller.advance(30 * MILLI);
            rig.timer("t").schedule(Duration.ofMillis(10));
          });
      rig.runFor(Duration.ofMillis(100));
      assertThat(rig.log).containsExactly("t@40");
    }

    @Test
    void saturates_where_the_delay_has_no_end() {
      Timer forever = rig.timer("t");
      forever.schedule(Duration.ofSeconds(Long.MAX_VALUE));
      forever.scheduleNanos(Long.MAX_VALUE);
      rig.timer("negative").scheduleNanos(-5);
      rig.timer("least").scheduleNanos(Long.MIN_VALUE);
      rig.runFor(Duration.ofSeconds(5));
      assertThat(rig.log).containsExactly("negative@0", "least@0");
      assertThat(forever.scheduled()).isTrue();
    }

    @Test
    void tells_what_its_task_throws_and_runs_the_others() {
      rig.loop
          .timer(
              _ -> {
                throw new IllegalStateException("thrown");
              })
          .scheduleNanos(1);
      rig.timer("other").scheduleNanos(2);
      rig.runFor(Duration.ofMillis(1));
      assertThat(rig.log).containsExactly("other@0");
      assertThat(rig.faults).hasSize(1);
    }

    @Test
    void leaves_those_beyond_the_bound_for_the_next_tick() {
      for (int i = 0; i < 2_000; i++) {
        rig.timer("t").scheduleNanos(0);
      }
      rig.poller.advance(1);
      rig.loop.runOnce(Long.MAX_VALUE);
      assertThat(rig.log).hasSize(1_024);
      assertThat(rig.loop.nanos()).as("it did not wait").isEqualTo(1);
      rig.tick();
      assertThat(rig.log).hasSize(2_000);
    }
  }

  @Nested
  class CalledOff {
    @Test
    void does_not_run() {
      Timer timer = rig.timer("t");
      timer.scheduleNanos(1);
      assertThat(timer.cancel()).isTrue();
      assertThat(timer.cancel()).isFalse();
      rig.runFor(Duration.ofMillis(1));
      assertThat(rig.log).isEmpty();
    }

    @Test
    void does_not_keep_the_loop_from_waiting() {
      Timer timer = rig.timer("t");
      timer.scheduleNanos(5);
      timer.cancel();
      rig.loop.runOnce(MILLI);
      assertThat(rig.loop.nanos()).isEqualTo(MILLI);
    }

    @Test
    void has_nothing_to_call_off_while_it_runs_or_after() {
      List<Boolean> cancelled = new ArrayList<>();
      Timer timer = rig.loop.timer(self -> cancelled.add(self.cancel()));
      timer.scheduleNanos(1);
      rig.runFor(Duration.ofMillis(1));
      cancelled.add(timer.cancel());
      assertThat(cancelled).containsExactly(false, false);
    }

    @Test
    void by_one_that_is_due_at_the_same_time_does_not_run() {
      Timer second = rig.timer("second");
      rig.loop.timer(_ -> rig.log.add("first " + second.cancel())).scheduleNanos(1);
      second.scheduleNanos(1);
      rig.runFor(Duration.ofMillis(1));
      assertThat(rig.log).containsExactly("first true");
    }

    @Test
    void runs_if_it_is_scheduled_again() {
      Timer timer = rig.timer("t");
      for (int i = 0; i < 1_000; i++) {
        timer.schedule(Duration.ofMillis(5));
        timer.cancel();
      }
      timer.schedule(Duration.ofMillis(3));
      rig.runFor(Duration.ofMillis(10));
      assertThat(rig.log).containsExactly("t@3");
    }

    @Test
    void leaves_no_memory_behind_after_a_burst() {
      TimerQueue queue = new TimerQueue();
      List<Timer> timers = new ArrayList<>();
      for (int i = 0; i < 1_000_000; i++) {
        Timer timer = new Timer(rig.loop, _ -> {}, 0);
        timer.wantHere(i + 1);
        queue.schedule(timer, i + 1, 1);
        timers.add(timer);
      }
      assertThat(queue.capacity()).isGreaterThanOrEqualTo(1_000_000);
      for (Timer timer : timers) {
        timer.wantHere(Timer.IDLE);
        queue.cancelledHere();
      }
      assertThat(queue.nextNanos()).isEqualTo(WakeWord.NONE);
      assertThat(queue.size()).isZero();
      assertThat(queue.capacity()).isLessThanOrEqualTo(64);
    }
  }

  @Nested
  class BehindOthers {
    private final TimerQueue queue = new TimerQueue();

    private Timer scheduled(long deadlineNanos) {
      Timer timer = new Timer(rig.loop, _ -> {}, 0);
      timer.wantHere(deadlineNanos);
      queue.schedule(timer, deadlineNanos, 1);
      return timer;
    }

    @Test
    void are_swept_out_if_they_are_called_off_though_they_never_come_first() {
      scheduled(1);
      for (int i = 0; i < 100_000; i++) {
        scheduled(1_000_000 + i).wantHere(Timer.IDLE);
        queue.cancelledHere();
        assertThat(queue.size()).isLessThanOrEqualTo(200);
      }
      assertThat(queue.nextNanos()).isEqualTo(1);
    }

    @Test
    void are_swept_out_if_another_thread_called_them_off() {
      scheduled(1);
      for (int i = 0; i < 1_000; i++) {
        scheduled(1_000_000 + i).wantElsewhere(Timer.IDLE);
        queue.cancelledElsewhere();
      }
      assertThat(queue.nextNanos()).isEqualTo(1);
      assertThat(queue.size()).isEqualTo(1);
    }
  }

  @Nested
  class AtAPeriod {
    private Timer interval(String what, Duration period) {
      return rig.loop.interval(period, _ -> rig.log.add(what + "@" + rig.loop.nanos() / MILLI));
    }

    @Test
    void runs_at_each_period_after_its_first_time() {
      interval("i", Duration.ofMillis(10)).schedule(Duration.ofMillis(3));
      rig.runFor(Duration.ofMillis(35));
      assertThat(rig.log).containsExactly("i@3", "i@13", "i@23", "i@33");
    }

    @Test
    void does_not_drift_by_what_its_task_takes() {
      rig.loop
          .interval(
              Duration.ofMillis(10),
              _ -> {
                rig.log.add("i@" + rig.loop.nanos() / MILLI);
                rig.poller.advance(4 * MILLI);
              })
          .scheduleNanos(0);
      rig.runFor(Duration.ofMillis(35));
      assertThat(rig.log).containsExactly("i@0", "i@10", "i@20", "i@30");
    }

    @Test
    void leaves_out_the_periods_that_it_missed() {
      interval("i", Duration.ofMillis(10)).scheduleNanos(0);
      rig.loop.timer(_ -> rig.poller.advance(47 * MILLI)).schedule(Duration.ofMillis(1));
      rig.runFor(Duration.ofMillis(75));
      assertThat(rig.log).containsExactly("i@0", "i@48", "i@50", "i@60", "i@70");
    }

    @Test
    void ends_when_it_is_called_off_from_within() {
      rig.loop
          .interval(
              Duration.ofMillis(1),
              self -> {
                rig.log.add("i");
                if (rig.log.size() == 3) {
                  assertThat(self.cancel()).isTrue();
                }
              })
          .scheduleNanos(0);
      rig.runFor(Duration.ofMillis(20));
      assertThat(rig.log).hasSize(3);
    }

    @Test
    void needs_a_period() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> rig.loop.interval(Duration.ZERO, _ -> {}))
          .withMessage("period: PT0S (expected: above 0)");
    }
  }

  @Nested
  class FromAnotherThread {
    @Test
    void runs_on_the_loops_thread() {
      Thread[] ran = new Thread[1];
      elsewhere(() -> rig.loop.timer(_ -> ran[0] = Thread.currentThread()).scheduleNanos(5));
      rig.runFor(Duration.ofMillis(1));
      assertThat(ran[0]).isSameAs(Thread.currentThread());
    }

    @Test
    void is_scheduled_anew_and_called_off() {
      Timer timer = rig.timer("t");
      Timer off = rig.timer("off");
      elsewhere(
          () -> {
            timer.schedule(Duration.ofMillis(50));
            timer.schedule(Duration.ofMillis(5));
            off.schedule(Duration.ofMillis(2));
          });
      rig.tick();
      elsewhere(() -> timer.schedule(Duration.ofMillis(9)));
      elsewhere(() -> assertThat(off.cancel()).isTrue());
      rig.runFor(Duration.ofMillis(60));
      assertThat(rig.log).containsExactly("t@9");
    }

    @Test
    void is_scheduled_for_earlier_after_the_loop_knew_of_it() {
      Timer timer = rig.timer("t");
      rig.timer("before").schedule(Duration.ofMillis(20));
      elsewhere(() -> timer.schedule(Duration.ofMillis(50)));
      rig.tick();
      elsewhere(() -> timer.schedule(Duration.ofMillis(5)));
      rig.runFor(Duration.ofMillis(60));
      assertThat(rig.log).containsExactly("t@5", "before@20");
    }

    @Test
    void is_called_off_before_the_loop_knew_of_it() {
      elsewhere(
          () -> {
            Timer timer = rig.timer("t");
            timer.scheduleNanos(0);
            assertThat(timer.cancel()).isTrue();
          });
      rig.runFor(Duration.ofMillis(1));
      assertThat(rig.log).isEmpty();
    }

    @Test
    void wakes_the_loop_if_it_is_earlier_than_what_that_waits_for() {
      rig.timer("far").schedule(Duration.ofMillis(800));
      rig.poller.duringNextWait(
          _ -> elsewhere(() -> rig.timer("near").schedule(Duration.ofMillis(1))));
      rig.runFor(Duration.ofSeconds(1));
      assertThat(rig.log).containsExactly("near@1", "far@800");
      assertThat(rig.poller.wakeups()).isEqualTo(1);
    }

    @Test
    void does_not_wake_the_loop_if_it_is_later() {
      rig.timer("near").schedule(Duration.ofMillis(10));
      rig.poller.duringNextWait(
          _ -> elsewhere(() -> rig.timer("far").schedule(Duration.ofMillis(20))));
      rig.runFor(Duration.ofSeconds(1));
      assertThat(rig.log).containsExactly("near@10", "far@20");
      assertThat(rig.poller.wakeups()).isZero();
    }
  }

  @Nested
  class Clamped {
    private final LoopRig clamped = new LoopRig(LoopRig::clamped);

    @Test
    void waits_at_least_four_milliseconds_from_the_sixth_in_a_row() {
      clamped
          .loop
          .timer(
              timer -> {
                clamped.log.add("t@" + clamped.loop.nanos() / MILLI);
                timer.scheduleNanos(0);
              })
          .scheduleNanos(0);
      clamped.runFor(Duration.ofMillis(9));
      assertThat(clamped.log)
          .containsExactly("t@0", "t@0", "t@0", "t@0", "t@0", "t@0", "t@4", "t@8");
    }

    @Test
    void holds_for_intervals_as_well() {
      clamped
          .loop
          .interval(Duration.ofMillis(1), _ -> clamped.log.add("i@" + clamped.loop.nanos() / MILLI))
          .scheduleNanos(0);
      clamped.runFor(Duration.ofMillis(14));
      assertThat(clamped.log)
          .containsExactly("i@0", "i@1", "i@2", "i@3", "i@4", "i@5", "i@9", "i@13");
    }

    @Test
    void leaves_timers_of_tasks_alone() {
      clamped.loop.execute(() -> clamped.timer("t").scheduleNanos(MILLI));
      clamped.runFor(Duration.ofMillis(2));
      assertThat(clamped.log).containsExactly("t@1");
    }
  }
}
