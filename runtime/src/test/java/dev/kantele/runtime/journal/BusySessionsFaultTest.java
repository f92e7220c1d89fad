package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.BusyFixture.ID;
import static dev.kantele.runtime.journal.BusyFixture.entered;
import static dev.kantele.runtime.journal.BusyFixture.failed;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.journal.BusySessions.Entered;
import dev.kantele.runtime.journal.JournalFaults.Held;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With pauses so short that no time needs to be moved. */
@Timeout(60)
final class BusySessionsFaultTest {
  private final BusyFixture busy =
      new BusyFixture(
          ConfigFactory.empty(),
          new BusySessions.Settings(
              /* leaveDelay= */ Duration.ofHours(1),
              /* minBackoff= */ Duration.ofMillis(1),
              /* maxBackoff= */ Duration.ofMillis(2)));

  @AfterEach
  void stop() {
    busy.close();
  }

  @Test
  void everybody_who_waits_for_a_failed_write_is_told_and_later_ones_are_served() {
    busy.members();
    Held held = busy.faults().hold(Operation.WRITE, ID, 1);
    busy.enter("first");
    TestNode.join(held.reached());
    busy.faults().fail(Operation.WRITE, ID, 1);
    busy.enter("a");
    busy.enter("b");
    held.release();

    assertThat(busy.probe().receiveSeveralMessages(3))
        .containsExactly(entered("first"), failed("a"), failed("b"));
    busy.bring("c");
    assertThat(busy.restartedMembers()).containsExactlyInAnyOrder("first", "c");
  }

  @Test
  void who_waits_for_the_write_after_a_failed_one_is_told_as_well() {
    busy.members();
    Held held = busy.faults().hold(Operation.WRITE, ID, 1);
    busy.enter("a");
    TestNode.join(held.reached());
    busy.enter("b");
    busy.members();

    held.fail();

    assertThat(busy.probe().receiveSeveralMessages(2)).containsExactly(failed("a"), failed("b"));
    busy.bring("b");
    assertThat(busy.restartedMembers()).containsExactly("b");
  }

  @Test
  void a_rejected_write_is_a_failure_too() {
    busy.members();
    busy.faults().reject(ID, 1);
    busy.enter("a");
    busy.probe().expectMessage(failed("a"));

    busy.bring("a");
  }

  @Test
  void a_write_of_which_only_the_answer_was_lost_is_found_again() {
    busy.members();
    busy.faults().failAfterwards(Operation.WRITE, ID, 1);
    busy.enter("a");
    busy.probe().expectMessage(failed("a"));

    assertThat(busy.members()).containsExactly("a");
  }

  @Test
  void who_wanted_to_leave_still_leaves() {
    busy.bring("a");
    busy.bring("b");
    busy.leave("a");
    busy.faults().fail(Operation.WRITE, ID, 1);
    busy.enter("c");
    busy.probe().expectMessage(failed("c"));
    busy.leave("b");
    assertThat(busy.members()).isEmpty();

    busy.bring("d");

    assertThat(busy.restartedMembers()).containsExactly("d");
  }

  @Test
  void each_failed_recovery_refuses_who_waits_for_it() {
    busy.bring("old");
    Held held = failTheNextRecovery();
    busy.restart();
    for (int attempt = 1; attempt <= 3; attempt++) {
      TestNode.join(held.reached());
      busy.enter("a");
      busy.probe().expectNoMessage(Duration.ZERO);
      Held failing = held;
      if (attempt < 3) {
        held = failTheNextRecovery();
      }
      failing.release();
      busy.probe().expectMessage(failed("a"));
    }

    busy.bring("a");
    assertThat(busy.members()).containsExactlyInAnyOrder("old", "a");
  }

  /** The recovery stops at the snapshot until it is released, and then fails at the events. */
  private Held failTheNextRecovery() {
    busy.faults().fail(Operation.REPLAY, ID, 1);
    return busy.faults().hold(Operation.LOAD_SNAPSHOT, ID, 1);
  }

  @Test
  void its_journal_stays_small_however_often_sessions_come_and_go() {
    int sessions = 3 * BusyLog.SNAPSHOT_EVERY;
    for (int i = 0; i < sessions; i++) {
      busy.bring("s-" + i);
    }

    assertThat(busy.writes()).isEqualTo(sessions);
    assertThat(busy.storedWrites()).isLessThanOrEqualTo(2L * BusyLog.SNAPSHOT_EVERY);
    assertThat(busy.restartedMembers()).hasSize(sessions);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void it_never_holds_too_few(long seed) {
    Random random = new Random(seed);
    Set<String> confirmed = new HashSet<>();
    for (int round = 0; round < 100; round++) {
      orderFault(random);
      Set<String> leaving =
          confirmed.stream().filter(session -> random.nextInt(4) == 0).collect(toSet());
      leaving.forEach(busy::leave);
      confirmed.removeAll(leaving);
      int entering = random.nextInt(6);
      for (int i = 0; i < entering; i++) {
        busy.enter("s-" + random.nextInt(12));
      }
      busy.probe().receiveSeveralMessages(entering).stream()
          .filter(Entered.class::isInstance)
          .forEach(reply -> confirmed.add(reply.session().value()));
    }

    assertThat(busy.restartedMembers()).containsAll(confirmed);
  }

  private void orderFault(Random random) {
    int nth = 1 + random.nextInt(3);
    switch (random.nextInt(12)) {
      case 0 -> busy.faults().fail(Operation.WRITE, ID, nth);
      case 1 -> busy.faults().failAfterwards(Operation.WRITE, ID, nth);
      case 2 -> busy.faults().reject(ID, nth);
      case 3 -> busy.faults().fail(Operation.REPLAY, ID, nth);
      default -> {
        // Most rounds go well.
      }
    }
  }
}
