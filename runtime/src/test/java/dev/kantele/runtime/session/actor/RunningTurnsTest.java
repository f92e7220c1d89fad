package dev.kantele.runtime.session.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.SessionId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class RunningTurnsTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final SessionId A = new SessionId("a");
  private static final SessionId B = new SessionId("b");

  private final RunningTurns turns = new RunningTurns();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private CompletableFuture<Integer> drain(Duration grace) {
    return turns.drain(grace, KIT.system()).toCompletableFuture();
  }

  @Nested
  class Before_draining {
    @Test
    void a_session_counts_once_from_its_first_turn_until_it_rests() {
      assertThat(turns.begin(A)).isTrue();
      assertThat(turns.begin(A)).isTrue();
      turns.goesOn(B);
      assertThat(turns.size()).isEqualTo(2);

      turns.rests(A);
      assertThat(turns.size()).isEqualTo(1);
    }

    @Test
    void nothing_to_wait_for_is_done_at_once() {
      assertThat(drain(GRACE)).isCompletedWithValue(0);
    }

    @Test
    void without_a_grace_what_runs_is_left_at_once() {
      turns.begin(A);

      assertThat(drain(Duration.ZERO)).isCompletedWithValue(1);
    }
  }

  @Nested
  class Draining {
    private final CompletableFuture<Integer> drained;

    Draining() {
      turns.begin(A);
      turns.begin(B);
      drained = drain(GRACE);
    }

    @Test
    void no_turn_begins_not_even_in_a_session_that_runs() {
      assertThat(turns.begin(new SessionId("c"))).isFalse();
      assertThat(turns.begin(A)).isFalse();
      assertThat(turns.size()).isEqualTo(2);
    }

    @Test
    void it_is_over_when_the_last_turn_has_ended() {
      turns.rests(A);
      turns.rests(A);
      assertThat(drained).isNotDone();

      turns.rests(B);
      assertThat(drained).isCompletedWithValue(0);
    }

    @Test
    void it_is_over_with_the_grace_though_turns_still_run() {
      turns.rests(A);
      TIME.timePasses(GRACE.minusMillis(1));
      assertThat(drained).isNotDone();

      TIME.timePasses(Duration.ofMillis(1));
      assertThat(drained).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(1);
    }

    @Test
    void a_turn_that_goes_on_after_a_decision_is_waited_for() {
      turns.rests(A);
      turns.goesOn(A);
      turns.rests(B);
      assertThat(drained).isNotDone();

      turns.rests(A);
      assertThat(drained).isCompletedWithValue(0);
    }

    @Test
    void draining_again_waits_for_the_same() {
      var again = drain(GRACE.multipliedBy(2));
      turns.rests(A);
      turns.rests(B);

      assertThat(again).isCompletedWithValue(0);
    }
  }
}
