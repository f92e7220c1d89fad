package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.askStatus;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.nack;
import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestKantele.rows;
import static dev.kantele.runtime.TestKantele.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.SessionClosed;
import dev.kantele.protocol.EventBody.SessionOpened;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.model.scripted.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left of a deleted session: nothing, whatever happens on the way. */
@Timeout(60)
final class DeletedSessionTest {
  private static final TestKantele NODE = TestKantele.start();
  private static final String HELLO = NODE.model.script("hello", Script.saying("Hello."));

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private static Command.SessionDelete delete(Session session) {
    return new Command.SessionDelete(Session.newCommand(), session.id(), Optional.empty());
  }

  private static List<JournalRecord> journal(TestKantele node, Session session) {
    return get(
            LogReader.of(node.kantele.system())
                .read(rows(session), 1, Long.MAX_VALUE)
                .runWith(Sink.seq(), session.materializer()))
        .stream()
        .map(LogReader.Row::record)
        .toList();
  }

  /** Opens the session again; it waits until the log is erased. */
  private static CompletionStage<Reply> reopen(Session session) {
    return session.submit(
        new Command.SessionOpen(
            Session.newCommand(), session.id(), Optional.empty(), Optional.empty()));
  }

  /* Whoever opens it waits until then, even where nothing comes of it. */
  private static void awaitErased(Session session) {
    var open =
        new Command.SessionOpen(
            Session.newCommand(), session.id(), Optional.of("nobody"), Optional.empty());
    assertThat(nack(session.submit(open))).isEqualTo(ErrorCode.AGENT_NOT_FOUND);
  }

  private static void assertNew(CompletionStage<Reply> reply, Session before) {
    var opened = (AckBody.Opened) ack(reply);
    assertThat(opened.created()).isTrue();
    assertThat(opened.log()).isNotEqualTo(before.log());
    assertThat(opened.lastSeq()).isEqualTo(1);
    assertThat(opened.nextSeq()).isEqualTo(1);
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  @Nested
  class ThatWasIdle {
    @Test
    void is_gone_with_its_log_and_its_subscriptions() {
      session.prompt(prompt(session, HELLO));
      subscriber.awaitTurnEnd();

      ack(session.submit(delete(session)));

      subscriber.awaitEnd();
      assertThat(nack(session.submit(askStatus(session)))).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
      assertThat(nack(session.submit(prompt(session, HELLO))))
          .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
      assertThat(nack(session.submit(delete(session)))).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void leaves_nothing_to_the_next_session_of_its_name() {
      session.prompt(prompt(session, HELLO));
      subscriber.awaitTurnEnd();
      ack(session.submit(delete(session)));

      Session next = NODE.kantele.open(session.id().value());

      assertThat(next.isNew()).isTrue();
      assertThat(next.log()).isNotEqualTo(session.log());
      assertThat(journal(NODE, next))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(((JournalRecord.Visible) row.content()).body())
                      .isInstanceOf(SessionOpened.class));
      var after = Subscriber.of(next);
      next.prompt(prompt(next, HELLO));
      assertThat(after.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(after.seen().getFirst().seq()).isEqualTo(1);
      assertThat(after.open()).isEmpty();
    }

    @Test
    void is_no_session_to_those_who_come_with_the_old_logs_cursor() {
      ack(session.submit(delete(session)));
      NODE.kantele.open(session.id().value());

      Subscriber.after(session, 1).awaitEnd();
    }

    @Test
    void is_not_listed() {
      assertThat(listed()).contains(session.id());
      ack(session.submit(delete(session)));
      awaitErased(session);

      assertThat(listed()).doesNotContain(session.id());
    }

    private List<SessionId> listed() {
      return get(NODE.kantele.sessions().list(Optional.empty(), 1_000));
    }

    @Test
    void had_been_closed_before() {
      ack(
          session.submit(
              new Command.SessionClose(Session.newCommand(), session.id(), Optional.empty())));
      subscriber.await(SessionClosed.class);

      ack(session.submit(delete(session)));

      subscriber.awaitEnd();
      assertNew(reopen(session), session);
    }
  }

  @Nested
  class ThatWasRunning {
    @Test
    void stops_its_turns_first() {
      var calls = NODE.model.byHand("by-hand-" + session.id());
      session.prompt(prompt(session, calls.model));
      session.prompt(prompt(session, HELLO));
      TestModel.Call call = calls.next();
      subscriber.await(StreamStarted.class);

      ack(session.submit(delete(session)));

      subscriber.awaitEnd();
      get(call.ended());
      assertNew(reopen(session), session);
    }
  }

  @Nested
  class WhoseErasureGoesWrong {
    @ParameterizedTest
    @EnumSource(names = {"DELETE", "DELETE_SNAPSHOTS"})
    void is_erased_by_another_attempt(Operation operation) {
      NODE.faults().fail(operation, rows(session), 1);
      ack(session.submit(delete(session)));

      assertNew(reopen(session), session);
      assertThat(journal(NODE, session)).hasSize(1);
    }

    @Test
    void has_those_wait_who_open_it_again() {
      JournalFaults.Held erased = NODE.faults().hold(Operation.DELETE, rows(session), 1);
      ack(session.submit(delete(session)));
      get(erased.reached());

      CompletionStage<Reply> opened = reopen(session);
      assertThat(nack(session.submit(askStatus(session)))).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
      Subscriber.of(session).awaitEnd();
      assertThat(opened.toCompletableFuture()).isNotDone();
      erased.fail();

      assertNew(opened, session);
    }

    @Test
    void is_left_to_the_next_node_until_it_is_done() {
      JournalFaults.Held erased = NODE.faults().hold(Operation.DELETE, rows(session), 1);
      ack(session.submit(delete(session)));
      get(erased.reached());
      assertThat(NODE.busy()).contains(session.id());

      erased.release();

      assertNew(reopen(session), session);
      assertThat(NODE.busy()).doesNotContain(session.id());
    }

    @Test
    void is_erased_by_its_next_life_and_the_late_end_of_the_first_does_no_harm() {
      JournalFaults.Held erased = NODE.faults().hold(Operation.DELETE, rows(session), 1);
      ack(session.submit(delete(session)));
      get(erased.reached());
      var actor = NODE.actor(session);
      Adapter.toClassic(actor).tell(PoisonPill.getInstance(), Adapter.toClassic(actor));
      NODE.awaitStop(actor);

      CompletionStage<Reply> opened = reopen(session);
      assertNew(opened, session);
      erased.release();

      Session next = NODE.kantele.open(session.id().value());
      assertThat(next.isNew()).isFalse();
      session.prompt(prompt(session, HELLO));
      var after = Subscriber.of(next);
      assertThat(after.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(after.seen().getFirst().seq()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void is_there_still_if_the_wish_can_not_be_written(Unwritable what) {
      NODE.faults().fail(Operation.WRITE, what == Unwritable.ROW ? rows(session) : BUSY, 1);

      assertThat(nack(session.submit(delete(session)))).isEqualTo(ErrorCode.UNAVAILABLE);

      assertThat(status(session).log()).isEqualTo(session.log());
      ack(session.submit(delete(session)));
      assertNew(reopen(session), session);
    }
  }

  private static final String BUSY = BusySessions.ID.id();

  /** What is written before a session is deleted. */
  enum Unwritable {
    ROW,
    BUSY_SET
  }

  @Nested
  class OnANodeThatStops {
    @Test
    void is_gone_on_the_next_node(@TempDir Path folder) {
      var parts = new TestKantele.Parts();
      Session before;
      try (TestKantele node = TestKantele.start(folder, "", parts)) {
        before = node.kantele.open("s");
        get(
            before
                .prompt(prompt(before, parts.model.script("hello", Script.saying("Hello."))))
                .result());
        ack(before.submit(delete(before)));
      }

      try (TestKantele node = TestKantele.start(folder, "", parts)) {
        Session next = node.kantele.open("s");

        assertThat(next.isNew()).isTrue();
        assertThat(next.log()).isNotEqualTo(before.log());
        assertThat(status(next).lastSeq()).isEqualTo(1);
        assertThat(journal(node, next)).hasSize(1);
      }
    }
  }
}
