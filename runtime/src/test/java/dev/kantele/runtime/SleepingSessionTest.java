package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.nack;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.SessionRecovered;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.scripted.Script;
import dev.kantele.runtime.session.actor.SessionMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sessions that stop as soon as they are idle, on a node that has them do so after a millisecond.
 */
@Timeout(60)
final class SleepingSessionTest {
  private static final TestKantele NODE =
      TestKantele.start(
          """
          kantele.session {
            release-after = 1ms
            passivate-after = 1ms
          }
          kantele.agents.tester.limits.queued-turns = 1000
          """);

  private static final String HELLO = NODE.model.script("hello", Script.saying("Hello."));

  @AfterAll
  static void stop() {
    NODE.close();
  }

  @Test
  void an_idle_session_stops_and_is_woken_by_the_next_command() {
    Session session = NODE.open();
    NODE.awaitAsleep(session);

    AckBody.Status status = TestKantele.status(session);

    assertThat(status.log()).isEqualTo(session.log());
    assertThat(status.lastSeq()).isEqualTo(1);
  }

  /* The pull comes while the last rows are being written, so that the session is idle only when it waits already. */
  @Test
  void a_session_that_works_or_is_read_does_not_stop() {
    Session session = NODE.open();
    var calls = NODE.model.byHand("slow");
    ack(session.submit(prompt(session, calls.model)));
    TestModel.Call call = calls.next();
    var actor = NODE.actor(session);
    NODE.awaitAsleep(NODE.open());
    long end = TestKantele.status(session).lastSeq() + 2;
    var reader = TestProbe.<PullReply>create(NODE.kantele.system());
    JournalFaults.Held written = NODE.faults().hold(Operation.WRITE, TestKantele.rows(session), 1);
    call.finish();
    get(written.reached());
    actor.tell(new SessionMessage.Pull(Cursor.of(session.log(), end), 1, 1_000, reader.ref()));
    written.release();
    for (int i = 0; i < 5; i++) {
      NODE.awaitAsleep(NODE.open());
    }

    AckBody.Status status = TestKantele.status(session);
    assertThat(status.lastSeq()).isEqualTo(end);
    assertThat(NODE.actor(session)).isEqualTo(actor);
    reader.stop();
    NODE.awaitStop(actor);
  }

  @Test
  void a_session_leaves_the_busy_set_once_it_is_idle() {
    Session session = NODE.open();
    var calls = NODE.model.byHand("held");
    ack(session.submit(prompt(session, calls.model)));
    TestModel.Call call = calls.next();
    var actor = NODE.actor(session);
    assertThat(NODE.busy()).contains(session.id());

    call.finish();
    NODE.awaitStop(actor);

    assertThat(NODE.busy()).doesNotContain(session.id());
  }

  @Test
  void a_prompt_that_brings_no_turn_does_not_enter_the_busy_set() {
    Session session = NODE.open();
    var nowhere = new SessionId("nowhere");

    assertThat(nack(session.submit(prompt(nowhere, HELLO)))).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    assertThat(NODE.busy()).doesNotContain(nowhere);
  }

  @Test
  void no_command_is_lost_while_a_session_falls_asleep_again_and_again() {
    int rounds = 20;
    int prompts = 10;
    Session session = NODE.open();
    Set<TurnId> accepted = new HashSet<>();
    for (int round = 0; round < rounds; round++) {
      List<CompletableFuture<AckBody>> acks = new ArrayList<>();
      for (int i = 0; i < prompts; i++) {
        acks.add(CompletableFuture.supplyAsync(() -> promptSoon(session)));
      }
      acks.forEach(body -> accepted.add(((AckBody.PromptAccepted) get(body)).turn()));
      NODE.awaitAsleep(session);
    }

    assertThat(accepted).hasSize(rounds * prompts);
    try (var subscriber = Subscriber.of(session)) {
      Set<TurnId> ended = new HashSet<>();
      while (ended.size() < accepted.size()) {
        ended.add(subscriber.await(TurnCompleted.class).turn());
      }
      assertThat(ended).isEqualTo(accepted);
      assertThat(subscriber.seen(TurnQueued.class)).hasSize(rounds * prompts);
      assertThat(subscriber.seen(SessionRecovered.class)).isEmpty();
      assertThat(subscriber.open()).isEmpty();
    }
  }

  /* About as long as a session takes to fall asleep. */
  private static AckBody promptSoon(Session session) {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(4_000_000));
    return ack(session.submit(prompt(session, HELLO)));
  }

  @Test
  void a_command_that_the_session_can_not_take_is_refused_and_nothing_else() {
    Session session = NODE.open();

    CompletionStage<Reply> bad = session.submit(prompt(session, "test/unspeakable"));
    CompletionStage<Reply> good = session.submit(prompt(session, HELLO));

    assertThat(nack(bad)).isEqualTo(ErrorCode.INTERNAL);
    ack(good);
  }

  @Test
  void a_session_that_crashes_starts_again_and_goes_on_with_its_turn() {
    var calls = NODE.model.byHand("crashing");
    Session session = NODE.open();
    try (var subscriber = Subscriber.of(session)) {
      session.prompt(prompt(session, calls.model));
      TestModel.Call first = calls.next();
      subscriber.await(StreamStarted.class);
      NODE.look.failOnce();
      first.offer(new ModelEvent.ToolCallStarted(0, "look"));
      first.offer(new ModelEvent.Finished(FinishReason.TOOL_CALLS, Usage.NONE));
      TestModel.Call second = calls.next();
      second.say("Better now.");
      second.finish();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(second.request().attempt()).isEqualTo(2);
      assertThat(subscriber.seen(SessionRecovered.class)).hasSize(1);
      assertThat(subscriber.open()).isEmpty();
    }
  }
}
