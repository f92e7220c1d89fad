package dev.kantele.runtime.poller;

import static dev.kantele.runtime.poller.LoopRig.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.poller.PollerLoop.State;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PollerLoopTest {

  @Nested
  class New {
    private final LoopRig rig = new LoopRig();

    @Test
    void takes_tasks_that_run_once_a_thread_owns_it() {
      rig.loop.execute(rig.task("early"));
      assertThat(rig.loop.state()).isEqualTo(State.NEW);
      rig.tick();
      assertThat(rig.log).containsExactly("early");
    }

    @Test
    void takes_timers_too() {
      rig.timer("timer").schedule(Duration.ofMillis(3));
      rig.runFor(Duration.ofMillis(5));
      assertThat(rig.log).containsExactly("timer@3");
    }

    @Test
    void does_what_it_took_in_when_it_is_shut_down() {
      rig.loop.execute(rig.task("early"));
      rig.loop.shutdown();
      assertThat(rig.log).containsExactly("early");
      assertThat(rig.loop.state()).isEqualTo(State.ENDED);
      assertThat(rig.poller.closed()).isTrue();
    }

    @Test
    void does_not_do_what_it_took_in_when_it_is_closed() {
      rig.loop.execute(rig.task("early"));
      rig.loop.close();
      assertThat(rig.log).isEmpty();
      assertThat(rig.loop.state()).isEqualTo(State.ENDED);
      assertThat(rig.loop.metrics().snapshot().discarded()).isEqualTo(1);
      assertThat(rig.faults).singleElement().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void has_no_sources_yet() {
      assertThatIllegalStateException()
          .isThrownBy(() -> rig.loop.register(7, Trigger.LEVEL, 1, (_, _) -> {}))
          .withMessageContaining("expected: the thread of PollerLoop[test, NEW]");
    }
  }

  @Nested
  class Running {
    private final LoopRig rig = new LoopRig();

    @Test
    void runs_tasks_of_each_thread_in_their_order() {
      for (int i = 0; i < 300; i++) {
        rig.loop.execute(rig.task("" + i));
      }
      rig.tick();
      assertThat(rig.log).hasSize(300).startsWith("0", "1").endsWith("298", "299");
    }

    @Test
    void runs_what_its_tasks_add_in_the_same_tick() {
      rig.loop.execute(
          () -> {
            rig.loop.execute(rig.task("second"));
            rig.log.add("first");
          });
      rig.tick();
      assertThat(rig.log).containsExactly("first", "second");
    }

    @Test
    void lets_tasks_of_others_run_beside_a_task_that_adds_itself_for_ever() {
      Runnable[] again = new Runnable[1];
      again[0] = () -> rig.loop.execute(again[0]);
      rig.loop.execute(again[0]);
      rig.tick();
      rig.loop.adopt();
      elsewhere(() -> rig.loop.execute(rig.task("other")));
      rig.tick();
      assertThat(rig.log).containsExactly("other");
    }

    @Test
    void goes_on_after_exceptions_and_errors_and_tells_them() {
      rig.loop.execute(
          () -> {
            throw new IllegalArgumentException("thrown");
          });
      rig.loop.execute(
          () -> {
            throw new StackOverflowError();
          });
      rig.loop.execute(rig.task("after"));
      rig.tick();
      assertThat(rig.log).containsExactly("after");
      assertThat(rig.faults)
          .hasExactlyElementsOfTypes(IllegalArgumentException.class, StackOverflowError.class);
    }

    @Test
    void survives_who_is_told() {
      PollerLoop loop =
          new PollerLoop(
              LoopSettings.of("test"),
              rig.poller,
              rig.poller::nanos,
              (_, _) -> {
                throw new IllegalStateException("can't listen");
              });
      loop.execute(
          () -> {
            throw new IllegalArgumentException("thrown");
          });
      loop.execute(rig.task("after"));
      loop.runOnce(0);
      assertThat(rig.log).containsExactly("after");
      assertThat(loop.metrics().snapshot().faults()).isEqualTo(2);
    }

    @Test
    void leaves_tasks_beyond_the_bound_for_the_next_tick_and_does_not_wait() {
      LoopRig bounded = new LoopRig(settings -> LoopRig.with(settings, 10, Duration.ofMillis(2)));
      for (int i = 0; i < 25; i++) {
        bounded.loop.execute(bounded.task("" + i));
      }
      bounded.loop.runOnce(Long.MAX_VALUE);
      assertThat(bounded.log).hasSize(10);
      assertThat(bounded.loop.nanos()).isZero();
      bounded.ticks(2);
      assertThat(bounded.log).hasSize(25);
      assertThat(bounded.loop.metrics().snapshot().budgetExhausted()).isEqualTo(2);
    }

    @Test
    void leaves_tasks_beyond_the_time_for_the_next_tick() {
      for (int i = 0; i < 100; i++) {
        rig.loop.execute(
            () -> {
              rig.poller.advance(LoopRig.MILLI);
              rig.log.add("slow");
            });
      }
      rig.tick();
      assertThat(rig.log).hasSize(8);
    }

    @Test
    void runs_what_is_for_the_end_of_the_tick_once_and_before_it_waits() {
      rig.loop.execute(
          () -> {
            rig.loop.atTickEnd(rig.task("flush"));
            rig.log.add("write");
          });
      rig.loop.execute(rig.task("write"));
      rig.poller.duringNextWait(_ -> rig.log.add("wait"));
      rig.loop.runOnce(LoopRig.MILLI);
      rig.tick();
      assertThat(rig.log).containsExactly("write", "write", "flush", "wait");
    }

    @Test
    void does_not_wait_if_the_end_of_the_tick_leaves_something_to_do() {
      rig.loop.execute(() -> rig.loop.atTickEnd(() -> rig.loop.execute(rig.task("task"))));
      rig.loop.runOnce(Long.MAX_VALUE);
      rig.tick();
      assertThat(rig.log).containsExactly("task");
      assertThat(rig.loop.nanos()).isZero();
    }

    @Test
    void leaves_to_the_next_tick_what_the_end_of_one_adds_for_another_and_does_not_wait() {
      rig.loop.execute(() -> rig.loop.atTickEnd(() -> rig.loop.atTickEnd(rig.task("next"))));
      rig.loop.runOnce(Long.MAX_VALUE);
      assertThat(rig.log).isEmpty();
      assertThat(rig.loop.nanos()).isZero();
      rig.tick();
      assertThat(rig.log).containsExactly("next");
    }

    @Test
    void waits_no_longer_than_asked() {
      rig.loop.runOnce(5 * LoopRig.MILLI);
      assertThat(rig.loop.nanos()).isEqualTo(5 * LoopRig.MILLI);
    }

    @Test
    void waits_no_longer_than_the_cap() {
      rig.loop.runOnce(Long.MAX_VALUE);
      assertThat(rig.loop.nanos()).isEqualTo(1_000 * LoopRig.MILLI);
    }

    @Test
    void does_not_wait_after_somebody_asked_to_be_let_through() {
      elsewhere(rig.loop::wakeup);
      rig.loop.runOnce(Long.MAX_VALUE);
      assertThat(rig.loop.nanos()).isZero();
      rig.loop.runOnce(Long.MAX_VALUE);
      assertThat(rig.loop.nanos()).isPositive();
    }

    @Test
    void is_run_by_one_thread_only() {
      rig.tick();
      elsewhere(
          () ->
              assertThatIllegalStateException()
                  .isThrownBy(rig.loop::run)
                  .withMessageContaining("is run already, by Thread"));
    }

    @Test
    void is_not_run_from_within() {
      rig.loop.execute(rig.loop::run);
      rig.tick();
      assertThat(rig.faults)
          .singleElement()
          .isInstanceOf(IllegalStateException.class)
          .asString()
          .contains("by its own tasks");
    }

    @Test
    void does_not_wait_for_its_own_end() {
      rig.tick();
      assertThatIllegalStateException()
          .isThrownBy(() -> rig.loop.awaitTermination(Duration.ofSeconds(1)));
    }

    @Test
    void ends_when_the_system_can_not_wait_any_more() {
      rig.poller.failNext(new IOException("EBADF"));
      rig.loop.execute(rig.task("task"));
      rig.loop.run();
      assertThat(rig.loop.state()).isEqualTo(State.ENDED);
      assertThat(rig.loop.failure()).containsInstanceOf(IOException.class);
      assertThat(rig.log).containsExactly("task");
      assertThat(rig.poller.closed()).isTrue();
    }
  }

  @Nested
  class Stopping {
    private final LoopRig rig = new LoopRig();

    Stopping() {
      rig.tick();
    }

    @Test
    void does_what_tasks_add_after_a_shutdown() {
      rig.loop.execute(
          () ->
              rig.loop.execute(
                  () -> {
                    rig.loop.execute(rig.task("C"));
                    rig.log.add("B");
                  }));
      rig.loop.shutdown();
      rig.loop.run();
      assertThat(rig.log).containsExactly("B", "C");
    }

    @Test
    void does_what_is_for_the_end_of_the_tick() {
      rig.loop.execute(() -> rig.loop.atTickEnd(rig.task("flush")));
      rig.loop.shutdown();
      rig.loop.run();
      assertThat(rig.log).containsExactly("flush");
    }

    @Test
    void ends_though_a_task_adds_itself_for_ever() {
      Runnable[] again = new Runnable[1];
      int[] runs = new int[1];
      again[0] =
          () -> {
            runs[0]++;
            rig.poller.advance(1_000 * LoopRig.MILLI);
            rig.loop.execute(again[0]);
          };
      rig.loop.execute(again[0]);
      rig.loop.shutdown();
      rig.loop.run();
      assertThat(rig.loop.state()).isEqualTo(State.ENDED);
      assertThat(runs[0]).isBetween(5, 7);
      assertThat(rig.faults).singleElement().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void takes_nothing_from_other_threads() {
      rig.loop.execute(
          () ->
              elsewhere(
                  () ->
                      assertThatThrownBy(() -> rig.loop.execute(rig.task("late")))
                          .isInstanceOf(RejectedExecutionException.class)
                          .hasMessageContaining("PollerLoop[test, STOPPING]")));
      rig.loop.shutdown();
      rig.loop.run();
      assertThat(rig.faults).isEmpty();
      assertThat(rig.log).isEmpty();
      assertThat(rig.loop.metrics().snapshot().rejected()).isEqualTo(1);
    }

    @Test
    void drops_timers_and_tells_their_owners() {
      TimerTask owner =
          new TimerTask() {
            @Override
            public void due(Timer timer) {
              rig.log.add("due");
            }

            @Override
            public void dropped(Timer timer) {
              rig.log.add("dropped " + timer.scheduled());
            }
          };
      rig.loop.timer(owner).scheduleNanos(0);
      elsewhere(() -> rig.loop.timer(owner).scheduleNanos(0));
      Timer off = rig.loop.timer(owner);
      off.scheduleNanos(7);
      off.cancel();
      rig.loop.shutdown();
      rig.loop.run();
      assertThat(rig.log).containsExactly("dropped false", "dropped false");
    }

    @Test
    void is_cut_short_by_a_close() {
      rig.loop.execute(rig.loop::close);
      rig.loop.execute(rig.task("after"));
      rig.loop.shutdown();
      rig.loop.run();
      assertThat(rig.log).isEmpty();
      assertThat(rig.loop.state()).isEqualTo(State.ENDED);
    }
  }

  @Nested
  class Closing {
    private final LoopRig rig = new LoopRig();

    Closing() {
      rig.tick();
    }

    @Test
    void ends_at_once_for_its_thread_between_ticks() {
      rig.loop.close();
      assertThat(rig.loop.state()).isEqualTo(State.ENDED);
    }

    @Test
    void ends_after_the_task_that_closes_it() {
      rig.loop.execute(
          () -> {
            rig.loop.close();
            rig.log.add("still here");
          });
      rig.loop.run();
      assertThat(rig.log).containsExactly("still here");
    }

    @Test
    void tells_what_the_back_end_could_not_release() {
      rig.poller.failNext(new IOException("EIO"));
      rig.loop.close();
      assertThat(rig.faults).singleElement().isInstanceOf(IOException.class);
    }
  }

  @Nested
  class Ended {
    private final LoopRig rig = new LoopRig();

    Ended() {
      rig.loop.close();
    }

    @Test
    void takes_no_tasks() {
      assertThatThrownBy(() -> rig.loop.execute(rig.task("late")))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("ENDED");
      elsewhere(
          () ->
              assertThatThrownBy(() -> rig.loop.execute(rig.task("late")))
                  .isInstanceOf(RejectedExecutionException.class));
    }

    @Test
    void takes_no_timers() {
      Timer timer = rig.timer("late");
      assertThatThrownBy(() -> timer.scheduleNanos(1))
          .isInstanceOf(RejectedExecutionException.class);
      elsewhere(
          () ->
              assertThatThrownBy(() -> timer.scheduleNanos(1))
                  .isInstanceOf(RejectedExecutionException.class));
      assertThat(timer.scheduled()).isFalse();
    }

    @Test
    void is_not_run_again() {
      assertThatIllegalStateException()
          .isThrownBy(rig.loop::run)
          .withMessageContaining("has ended");
    }

    @Test
    void may_be_ended_again() throws Exception {
      rig.loop.close();
      rig.loop.shutdown();
      elsewhere(rig.loop::close);
      elsewhere(rig.loop::wakeup);
      assertThat(rig.loop.awaitTermination(Duration.ZERO)).isTrue();
    }
  }
}
