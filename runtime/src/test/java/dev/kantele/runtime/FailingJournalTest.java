package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.askStatus;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.nack;
import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestKantele.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.SessionRecovered;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class FailingJournalTest {
  private static final TestKantele NODE = TestKantele.start("kantele.session.window = 1 KiB");

  private static final String TALK =
      NODE.model.script(
          "talk",
          """
          - when: {call: 1}
            reply:
              - say: "Let me look at it."
              - call: {tool: look, arguments: {at: "sky"}}
          - reply:
              - say: "It is blue."
          """);

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  /** What can go wrong with a write. */
  enum Fault {
    FAILED {
      @Override
      void strike(Session session, int nth) {
        NODE.faults().fail(Operation.WRITE, rows(session), nth);
      }
    },
    WRITTEN_BUT_REPORTED_FAILED {
      @Override
      void strike(Session session, int nth) {
        NODE.faults().failAfterwards(Operation.WRITE, rows(session), nth);
      }
    },
    REJECTED {
      @Override
      void strike(Session session, int nth) {
        NODE.faults().reject(rows(session), nth);
      }
    };

    /** Has the {@code nth} write from now on go wrong. */
    abstract void strike(Session session, int nth);
  }

  @Nested
  class AWriteThatGoesWrong {
    @ParameterizedTest
    @EnumSource
    void has_its_prompt_refused_and_the_same_prompt_taken_once_when_it_is_repeated(Fault fault) {
      var command = prompt(session, TALK);
      NODE.look.answer(session.id(), "\"blue\"");
      fault.strike(session, 1);

      assertThat(nack(session.submit(command))).isEqualTo(ErrorCode.UNAVAILABLE);
      Reply.Ack repeated = (Reply.Ack) get(session.submit(command));

      assertThat(repeated.duplicate()).isEqualTo(fault == Fault.WRITTEN_BUT_REPORTED_FAILED);
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(TurnQueued.class)).hasSize(1);
      assertThat(subscriber.open()).isEmpty();
      assertThat(TestKantele.status(session).turns()).isEmpty();
    }

    /* 2: the first stream's end, and the tool's start; 3: the tool's end, and the second stream's start; 4: its end, and the turn's. */
    @ParameterizedTest
    @CsvSource({
      "FAILED,2",
      "FAILED,3",
      "FAILED,4",
      "WRITTEN_BUT_REPORTED_FAILED,2",
      "WRITTEN_BUT_REPORTED_FAILED,3",
      "WRITTEN_BUT_REPORTED_FAILED,4",
      "REJECTED,2",
      "REJECTED,3",
      "REJECTED,4"
    })
    void in_mid_turn_is_made_good_by_the_session_itself(Fault fault, int nth) {
      NODE.look.answer(session.id(), "\"blue\"");
      fault.strike(session, nth);

      Turn turn = session.prompt(prompt(session, TALK));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.open()).isEmpty();
      assertThat(get(turn.result()).text()).isEqualTo("It is blue.");
      boolean ended = fault == Fault.WRITTEN_BUT_REPORTED_FAILED && nth == 4;
      assertThat(subscriber.seen(SessionRecovered.class)).hasSize(ended ? 0 : 1);
      assertThatALaterSubscriberSeesTheSame();
    }

    private void assertThatALaterSubscriberSeesTheSame() {
      Map<Long, EventBody> seen = new HashMap<>();
      subscriber.seen().forEach(event -> seen.put(event.seq(), event.body()));
      var later = Subscriber.of(session);
      later.await(event -> event.seq() == subscriber.last());
      assertThat(later.seen())
          .allSatisfy(
              event ->
                  assertThat(seen.getOrDefault(event.seq(), event.body())).isEqualTo(event.body()));
      assertThat(later.seen().stream().filter(FailingJournalTest::isDurable).map(Event::body))
          .containsExactlyElementsOf(
              subscriber.seen().stream()
                  .filter(FailingJournalTest::isDurable)
                  .map(Event::body)
                  .toList());
    }

    @Test
    void more_than_once_is_made_good_when_the_journal_is_well_again() {
      NODE.look.answer(session.id(), "\"blue\"");
      for (int nth = 2; nth < 6; nth++) {
        NODE.faults().fail(Operation.WRITE, rows(session), nth);
      }

      session.prompt(prompt(session, TALK));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void of_the_busy_set_has_the_prompt_refused_and_nothing_written() {
      var command = prompt(session, TALK);
      NODE.look.answer(session.id(), "\"blue\"");
      NODE.faults().fail(Operation.WRITE, BusySessions.ID.id(), 1);

      assertThat(nack(session.submit(command))).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(TestKantele.status(session).turns()).isEmpty();
      Reply.Ack repeated = (Reply.Ack) get(session.submit(command));

      assertThat(repeated.duplicate()).isFalse();
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(TurnQueued.class)).hasSize(1);
    }

    @Test
    void refuses_a_cancel_which_then_can_be_repeated() {
      var calls = NODE.model.byHand("stuck-" + session.id());
      session.prompt(prompt(session, calls.model));
      subscriber.await(EventBody.StreamStarted.class);
      var command = cancel(session);
      NODE.faults().fail(Operation.WRITE, rows(session), 1);

      assertThat(nack(session.submit(command))).isEqualTo(ErrorCode.UNAVAILABLE);
      ack(session.submit(command));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(EventBody.TurnCancelled.class);
      assertThat(subscriber.open()).isEmpty();
    }
  }

  private static boolean isDurable(Event event) {
    return event.body() instanceof EventBody.Durable;
  }

  @Nested
  class AWriteThatTakesLong {
    @Test
    void has_commands_wait_and_answered_in_their_order() {
      NODE.look.answer(session.id(), "\"blue\"");
      ack(session.submit(askStatus(session)));
      JournalFaults.Held held = NODE.faults().hold(Operation.WRITE, rows(session), 1);
      var first = session.submit(prompt(session, TALK, new TurnId("first")));
      get(held.reached());

      var second = session.submit(askStatus(session));
      var third = session.submit(prompt(session, TALK, new TurnId("third")));
      var fourth = session.submit(askStatus(session));
      assertThat(first.toCompletableFuture()).isNotDone();
      held.release();

      assertThat(((AckBody.PromptAccepted) ack(first)).position()).isZero();
      assertThat(((AckBody.Status) ack(second)).turns())
          .extracting(AckBody.TurnStatus::turn)
          .containsExactly(new TurnId("first"));
      assertThat(((AckBody.PromptAccepted) ack(third)).position()).isEqualTo(1);
      assertThat(((AckBody.Status) ack(fourth)).turns())
          .extracting(AckBody.TurnStatus::turn)
          .containsExactly(new TurnId("first"), new TurnId("third"));
      subscriber.awaitTurnEnd();
      subscriber.awaitTurnEnd();
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void of_the_busy_set_holds_up_commands_but_not_who_reads() {
      NODE.look.answer(session.id(), "\"blue\"");
      JournalFaults.Held held = NODE.faults().hold(Operation.WRITE, BusySessions.ID.id(), 1);
      var prompted = session.submit(prompt(session, TALK, new TurnId("first")));
      get(held.reached());

      var status = session.submit(askStatus(session));
      assertThat(subscriber.next().body()).isInstanceOf(EventBody.SessionOpened.class);
      assertThat(prompted.toCompletableFuture()).isNotDone();
      held.release();

      assertThat(((AckBody.PromptAccepted) ack(prompted)).turn()).isEqualTo(new TurnId("first"));
      assertThat(((AckBody.Status) ack(status)).turns()).hasSize(1);
      subscriber.awaitTurnEnd();
    }
  }

  @Nested
  class AReadThatGoesWrong {
    @ParameterizedTest
    @EnumSource(
        value = Operation.class,
        names = {"REPLAY", "LOAD_SNAPSHOT"})
    void at_recovery_is_tried_again(Operation operation) {
      NODE.look.answer(session.id(), "\"blue\"");
      NODE.faults().fail(Operation.WRITE, rows(session), 2);
      NODE.faults().fail(operation, rows(session), 1);

      session.prompt(prompt(session, TALK));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void for_a_late_subscriber_makes_it_wait_and_not_end() {
      NODE.look.answer(session.id(), "\"blue\"");
      for (int turn = 0; turn < 3; turn++) {
        session.prompt(prompt(session, TALK));
        subscriber.awaitTurnEnd();
      }
      NODE.faults().fail(Operation.READ, rows(session), 1);
      NODE.faults().fail(Operation.READ, rows(session), 2);

      var late = Subscriber.of(session);
      late.await(event -> event.seq() == subscriber.last());

      assertThat(late.seen(TurnCompleted.class)).hasSize(3);
      assertThat(late.open()).isEmpty();
    }
  }
}
