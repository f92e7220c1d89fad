package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.BusyFixture.ID;
import static dev.kantele.runtime.journal.BusyFixture.entered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions.EnterReply;
import dev.kantele.runtime.journal.BusySessions.Entered;
import dev.kantele.runtime.journal.BusySessions.Settings;
import dev.kantele.runtime.journal.JournalFaults.Held;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each state with each message, in virtual time. */
@Timeout(60)
final class BusySessionsTest {
  private final BusyFixture busy = new BusyFixture(ManualTime.config(), Settings.DEFAULT);

  @AfterEach
  void stop() {
    busy.close();
  }

  private TestProbe<EnterReply> probe() {
    return busy.probe();
  }

  private void letTheDelayGoBy() {
    busy.members(); // What was sent before has arrived when this is answered.
    ManualTime.get(busy.node().system()).timePasses(Settings.DEFAULT.leaveDelay());
  }

  @Nested
  class WhileItRecovers {
    private Held held = busy.faults().hold(Operation.LOAD_SNAPSHOT, "nobody", 1);

    @BeforeEach
    void recoverSlowly() {
      busy.bring("old");
      held = busy.faults().hold(Operation.LOAD_SNAPSHOT, ID, 1);
      busy.restart();
      TestNode.join(held.reached());
    }

    @Test
    void who_enters_waits() {
      busy.enter("a");
      busy.enter("old");
      probe().expectNoMessage(Duration.ZERO);

      held.release();

      assertThat(probe().receiveSeveralMessages(2))
          .containsExactlyInAnyOrder(entered("a"), entered("old"));
      assertThat(busy.restartedMembers()).containsExactlyInAnyOrder("a", "old");
    }

    @Test
    void who_enters_and_is_in_costs_no_write() {
      busy.enter("old");
      held.release();

      probe().expectMessage(entered("old"));
      assertThat(busy.writes()).isEqualTo(1);
    }

    @Test
    void who_leaves_leaves_in_the_end() {
      busy.leave("old");
      busy.leave("nobody");
      held.release();
      assertThat(busy.members()).isEmpty();

      letTheDelayGoBy();
      busy.bring("b");

      assertThat(busy.restartedMembers()).containsExactly("b");
    }

    @Test
    void who_enters_and_leaves_is_in_and_then_out() {
      busy.enter("a");
      busy.leave("a");
      busy.enter("old");
      busy.leave("old");
      held.release();
      assertThat(probe().receiveSeveralMessages(2))
          .containsExactlyInAnyOrder(entered("a"), entered("old"));
      assertThat(busy.members()).isEmpty();

      letTheDelayGoBy();
      busy.bring("b");

      assertThat(busy.restartedMembers()).containsExactly("b");
    }

    @Test
    void who_asks_for_the_members_waits() {
      TestProbe<BusySessions.Members> asked = busy.askForMembers();
      asked.expectNoMessage(Duration.ZERO);

      held.release();

      assertThat(asked.receiveMessage().sessions()).containsExactly(new SessionId("old"));
    }
  }

  @Nested
  class WhileNobodyWaits {
    @Test
    void who_enters_is_in_for_good() {
      busy.bring("a");

      assertThat(busy.members()).containsExactly("a");
      assertThat(busy.restartedMembers()).containsExactly("a");
    }

    @Test
    void who_enters_and_is_in_is_answered_without_a_write() {
      busy.bring("a");
      busy.faults().failAll(Operation.WRITE, ID);

      busy.bring("a");
    }

    @Test
    void who_leaves_is_taken_out_when_the_delay_is_over() {
      busy.bring("a");
      busy.leave("a");
      assertThat(busy.members()).isEmpty();
      assertThat(busy.writes()).isEqualTo(1);

      letTheDelayGoBy();
      busy.bring("b");

      assertThat(busy.writes()).isEqualTo(3);
      assertThat(busy.restartedMembers()).containsExactly("b");
    }

    @Test
    void who_leaves_goes_with_the_next_write() {
      busy.bring("a");
      busy.leave("a");
      busy.bring("b");

      assertThat(busy.writes()).isEqualTo(2);
      assertThat(busy.restartedMembers()).containsExactly("b");
    }

    @Test
    void who_leaves_and_enters_again_costs_no_write() {
      for (int i = 0; i < 10; i++) {
        busy.bring("a");
        busy.leave("a");
      }
      busy.bring("a");
      letTheDelayGoBy();

      assertThat(busy.members()).containsExactly("a");
      assertThat(busy.writes()).isEqualTo(1);
    }

    @Test
    void who_leaves_without_being_in_is_ignored() {
      busy.leave("a");
      letTheDelayGoBy();

      assertThat(busy.members()).isEmpty();
      assertThat(busy.writes()).isZero();
    }
  }

  @Nested
  class WhileItWrites {
    @Test
    void everybody_else_goes_into_one_next_write() {
      Held held = holdTheNextWrite("a");
      for (int i = 0; i < 64; i++) {
        busy.enter("s-" + i);
      }
      assertThat(busy.members()).isEmpty();
      probe().expectNoMessage(Duration.ZERO);

      held.release();

      assertThat(probe().receiveSeveralMessages(65)).allMatch(Entered.class::isInstance);
      assertThat(busy.writes()).isEqualTo(2);
      assertThat(busy.restartedMembers()).hasSize(65);
    }

    @Test
    void who_enters_again_waits_for_this_write_only() {
      Held held = holdTheNextWrite("a");
      busy.enter("a");
      probe().expectNoMessage(Duration.ZERO);
      held.release();

      probe().expectMessage(entered("a"));
      probe().expectMessage(entered("a"));
      assertThat(busy.writes()).isEqualTo(1);
    }

    @Test
    void who_leaves_leaves_by_a_later_write() {
      Held held = holdTheNextWrite("a");
      busy.leave("a");
      held.release();
      probe().expectMessage(entered("a"));
      assertThat(busy.members()).isEmpty();

      letTheDelayGoBy();
      busy.bring("b");

      assertThat(busy.restartedMembers()).containsExactly("b");
    }

    @Test
    void who_leaves_and_enters_again_stays() {
      Held held = holdTheNextWrite("a");
      busy.leave("a");
      busy.enter("a");
      held.release();
      probe().expectMessage(entered("a"));
      probe().expectMessage(entered("a"));
      letTheDelayGoBy();

      assertThat(busy.members()).containsExactly("a");
      assertThat(busy.restartedMembers()).containsExactly("a");
    }

    @Test
    void who_enters_and_leaves_before_the_answer_is_in_and_then_out() {
      Held held = holdTheNextWrite("a");
      busy.enter("b");
      busy.leave("b");
      held.release();
      probe().expectMessage(entered("a"));
      probe().expectMessage(entered("b"));
      assertThat(busy.members()).containsExactly("a");

      letTheDelayGoBy();
      busy.bring("c");

      assertThat(busy.restartedMembers()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void who_is_in_and_stays_is_answered_at_once() {
      busy.bring("a");
      Held held = holdTheNextWrite("b");

      busy.leave("a");
      busy.bring("a");

      held.release();
      probe().expectMessage(entered("b"));
      assertThat(busy.members()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void who_is_leaving_by_this_write_enters_by_the_next() {
      busy.bring("a");
      busy.leave("a");
      Held held = holdTheNextWrite("b");
      busy.enter("a");
      probe().expectNoMessage(Duration.ZERO);
      held.release();

      assertThat(probe().receiveSeveralMessages(2)).containsExactly(entered("b"), entered("a"));
      assertThat(busy.restartedMembers()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void the_delay_of_those_who_leave_has_no_meaning() {
      busy.bring("a");
      busy.leave("a");
      Held held = holdTheNextWrite("b");
      letTheDelayGoBy();
      held.release();
      probe().expectMessage(entered("b"));

      assertThat(busy.writes()).isEqualTo(2);
    }

    /** Lets {@code id} enter, and holds the write that this takes. */
    private Held holdTheNextWrite(String id) {
      busy.members();
      Held held = busy.faults().hold(Operation.WRITE, ID, 1);
      busy.enter(id);
      TestNode.join(held.reached());
      return held;
    }
  }
}
