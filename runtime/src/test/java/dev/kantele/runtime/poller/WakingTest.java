package dev.kantele.runtime.poller;

import static dev.kantele.runtime.poller.LoopRig.MILLI;
import static dev.kantele.runtime.poller.LoopRig.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.poller.backend.SimulatedPoller;
import dev.kantele.runtime.poller.backend.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** When a producer makes a system call, and what happens if that fails. */
class WakingTest {
  private final LoopRig rig = new LoopRig();

  WakingTest() {
    rig.loop.adopt();
  }

  @Nested
  class Awake {
    @Test
    void is_not_woken() {
      rig.loop.execute(() -> elsewhere(() -> rig.loop.execute(rig.task("other"))));
      rig.ticks(2);
      assertThat(rig.log).containsExactly("other");
      assertThat(rig.poller.wakeups()).isZero();
      assertThat(rig.loop.metrics().snapshot().wakeupsSaved()).isEqualTo(1);
    }
  }

  @Nested
  class AboutToSleep {
    @Test
    void sees_what_came_before_it_said_so() {
      elsewhere(() -> rig.loop.execute(rig.task("before")));
      rig.loop.runOnce(1_000 * MILLI);
      assertThat(rig.log).containsExactly("before");
      assertThat(rig.poller.wakeups()).isZero();
    }

    @Test
    void sees_what_comes_between_its_last_look_and_its_saying_so() {
      // The last thing that a spinning loop does before it says so is to read the clock.
      SimulatedPoller poller = new SimulatedPoller();
      List<String> log = new ArrayList<>();
      PollerLoop[] loop = new PollerLoop[1];
      boolean[] posted = new boolean[1];
      Ticker ticker =
          () -> {
            boolean spins =
                StackWalker.getInstance()
                    .walk(
                        frames ->
                            frames.anyMatch(
                                frame -> frame.getMethodName().equals("spinFindsTasks")));
            if (spins && !posted[0]) {
              posted[0] = true;
              poller.advance(1_000);
              elsewhere(() -> loop[0].execute(() -> log.add("between")));
            }
            return poller.nanos();
          };
      loop[0] =
          new PollerLoop(
              LoopRig.spinning(LoopSettings.of("test"), Duration.ofNanos(1)),
              poller,
              ticker,
              (_, _) -> {});
      loop[0].runOnce(1_000 * MILLI);
      assertThat(posted[0]).isTrue();
      assertThat(poller.wakeups()).as("the producer found it awake").isZero();
      assertThat(poller.nanos()).as("it did not wait").isEqualTo(1_000);
      loop[0].runOnce(0);
      assertThat(log).containsExactly("between");
    }
  }

  @Nested
  class Asleep {
    @Test
    void is_woken_once_however_many_come() {
      rig.poller.duringNextWait(
          _ ->
              elsewhere(
                  () -> {
                    for (int i = 0; i < 1_000; i++) {
                      rig.loop.execute(rig.task("" + i));
                    }
                  }));
      rig.loop.runOnce(1_000 * MILLI);
      rig.tick();
      assertThat(rig.log).hasSize(1_000);
      assertThat(rig.poller.wakeups()).isEqualTo(1);
      assertThat(rig.loop.nanos()).as("it did not wait").isZero();
      LoopSnapshot snapshot = rig.loop.metrics().snapshot();
      assertThat(snapshot.wakeupsAsked()).isEqualTo(1_000);
      assertThat(snapshot.wakeupsWritten()).isEqualTo(1);
      assertThat(snapshot.wakeupsSaved()).isEqualTo(999);
    }

    @Test
    void is_not_asleep_for_handlers() throws Exception {
      rig.loop.register(
          3,
          Trigger.LEVEL,
          1,
          (registration, _) -> {
            registration.cancel();
            elsewhere(() -> rig.loop.execute(rig.task("task")));
          });
      rig.poller.duringNextWait(_ -> rig.poller.makeReady(3, 1));
      rig.loop.runOnce(MILLI);
      rig.tick();
      assertThat(rig.log).containsExactly("task");
      assertThat(rig.poller.wakeups()).isZero();
    }

    @Test
    void is_woken_by_the_next_producer_if_the_first_one_failed() {
      rig.poller.refuseWakeups(1);
      rig.poller.duringNextWait(
          _ ->
              elsewhere(
                  () -> {
                    rig.loop.execute(rig.task("first"));
                    rig.loop.execute(rig.task("second"));
                  }));
      rig.loop.runOnce(1_000 * MILLI);
      rig.tick();
      assertThat(rig.log).containsExactly("first", "second");
      assertThat(rig.loop.nanos()).isZero();
      assertThat(rig.poller.wakeups()).isEqualTo(1);
      LoopSnapshot snapshot = rig.loop.metrics().snapshot();
      assertThat(snapshot.wakeupsFailed()).isEqualTo(1);
      assertThat(rig.faults).hasSize(1);
    }

    @Test
    void comes_to_itself_after_the_cap_if_nobody_could_wake_it_and_counts_that() {
      rig.poller.refuseWakeups(1);
      rig.poller.duringNextWait(_ -> elsewhere(() -> rig.loop.execute(rig.task("lost"))));
      rig.loop.runOnce(Long.MAX_VALUE);
      rig.tick();
      assertThat(rig.log).containsExactly("lost");
      assertThat(rig.loop.nanos()).isEqualTo(1_100 * MILLI);
      assertThat(rig.loop.metrics().snapshot().wakeupsByCapWithWork()).isEqualTo(1);
    }

    @Test
    void counts_no_loss_if_the_producer_was_just_about_to_wake_it() {
      rig.poller.refuseWakeups(1);
      rig.poller.duringNextWait(_ -> elsewhere(() -> rig.loop.execute(rig.task("late"))));
      rig.poller.duringNextWait(_ -> elsewhere(rig.loop::wakeup));
      rig.loop.runOnce(Long.MAX_VALUE);
      rig.tick();
      assertThat(rig.log).containsExactly("late");
      assertThat(rig.loop.metrics().snapshot().wakeupsByCapWithWork()).isZero();
    }

    @Test
    void counts_no_loss_for_a_timer_that_can_wait() {
      rig.timer("near").scheduleNanos(5_000 * MILLI);
      rig.poller.duringNextWait(
          _ -> elsewhere(() -> rig.timer("far").scheduleNanos(9_000 * MILLI)));
      rig.loop.runOnce(Long.MAX_VALUE);
      rig.tick();
      assertThat(rig.loop.metrics().snapshot().wakeupsByCapWithWork()).isZero();
      rig.runFor(Duration.ofSeconds(10));
      assertThat(rig.log).containsExactly("near@5000", "far@9000");
    }

    @Test
    void is_woken_to_stop() {
      rig.poller.duringNextWait(_ -> elsewhere(rig.loop::shutdown));
      rig.loop.run();
      assertThat(rig.loop.nanos()).isZero();
      assertThat(rig.loop.state()).isEqualTo(PollerLoop.State.ENDED);
    }
  }
}
