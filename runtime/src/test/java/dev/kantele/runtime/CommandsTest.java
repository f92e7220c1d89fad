package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.nack;
import static dev.kantele.runtime.TestKantele.rows;
import static dev.kantele.runtime.TestKantele.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.SessionClosed;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.scripted.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each reason for which a session refuses a command; a refused command changes nothing. */
@Timeout(60)
final class CommandsTest {
  private static final TestKantele NODE =
      TestKantele.start("kantele.agents.tester.limits.queued-turns = 2");

  private static final String HELLO = NODE.model.script("hello", Script.saying("Hello."));

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);
  private final TestModel.Calls calls = NODE.model.byHand("by-hand-" + session.id());

  /** Begins a turn that a test ends by hand. */
  private TestModel.Call begin(String turn) {
    ack(session.submit(prompt(calls.model, Optional.of(turn), OptionalLong.empty())));
    TestModel.Call call = calls.next();
    subscriber.await(EventBody.StreamStarted.class);
    return call;
  }

  private Command.Prompt prompt(String model, Optional<String> turn, OptionalLong seq) {
    return prompt(session.id(), model, turn, seq);
  }

  private static Command.Prompt prompt(
      SessionId session, String model, Optional<String> turn, OptionalLong seq) {
    return new Command.Prompt(
        Session.newCommand(),
        session,
        seq,
        List.of(new Part.Text("Go on.")),
        turn.map(TurnId::new),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.of(model),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Command.Prompt prompt(String model) {
    return prompt(model, Optional.empty(), OptionalLong.empty());
  }

  private static Command.Prompt numbered(Session session, long seq) {
    return prompt(session.id(), HELLO, Optional.empty(), OptionalLong.of(seq));
  }

  private Command.Cancel cancelOf(String turn) {
    return new Command.Cancel(
        Session.newCommand(),
        session.id(),
        Optional.of(new TurnId(turn)),
        Optional.empty(),
        OptionalLong.empty());
  }

  /** Submits what must be refused, and finds the log and the turns as they were before. */
  private WireError refused(Command.OfSession command, ErrorCode code) {
    AckBody.Status before = status(session);
    Reply reply = get(session.submit(command));
    assertThat(reply).isInstanceOf(Reply.Nack.class);
    Reply.Nack nack = (Reply.Nack) reply;
    assertThat(nack.re()).contains(command.id());
    assertThat(nack.error().code()).isEqualTo(code);
    assertThat(nack.error().message()).isNotBlank().doesNotContain("Exception");
    assertThat(status(session)).isEqualTo(before);
    return nack.error();
  }

  @Nested
  class OfASession {
    @Test
    void that_does_not_exist_are_refused_whatever_they_are() {
      var nowhere = new SessionId("nowhere");
      refused(
          prompt(nowhere, HELLO, Optional.empty(), OptionalLong.empty()),
          ErrorCode.SESSION_NOT_FOUND);
      refused(
          new Command.SessionStatus(Session.newCommand(), nowhere), ErrorCode.SESSION_NOT_FOUND);
      refused(
          new Command.SessionDelete(Session.newCommand(), nowhere, Optional.empty()),
          ErrorCode.SESSION_NOT_FOUND);
      refused(
          new Command.SessionAttach(
              Session.newCommand(), nowhere, 0, Optional.empty(), OptionalLong.empty()),
          ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void that_belongs_to_somebody_else_are_forbidden() {
      var stranger = new ClientKey("mallory", new ClientId("c"));

      for (Command.OfSession command :
          List.of(
              prompt(HELLO),
              TestKantele.askStatus(session),
              new Command.SessionOpen(
                  Session.newCommand(), session.id(), Optional.empty(), Optional.empty()),
              new Command.SessionDelete(Session.newCommand(), session.id(), Optional.empty()))) {
        assertThat(nack(NODE.kantele.sessions().submit(stranger, command)))
            .isEqualTo(ErrorCode.FORBIDDEN);
      }
      assertThat(status(session).lastSeq()).isEqualTo(1);
    }

    @Test
    void of_an_agent_that_is_not_configured_is_not_created() {
      var id = new SessionId(session.id() + "-agent");
      refused(
          new Command.SessionOpen(
              Session.newCommand(), id, Optional.of("nobody"), Optional.empty()),
          ErrorCode.AGENT_NOT_FOUND);
      refused(new Command.SessionStatus(Session.newCommand(), id), ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void whose_agent_is_configured_no_longer_can_be_read_but_not_prompted(@TempDir Path folder) {
      var parts = new TestKantele.Parts();
      String other = "kantele.agents.other { model = \"test/none\", tools = [] }";
      try (var node = TestKantele.start(folder, other, parts)) {
        node.kantele.open("s", "other");
      }
      try (var node = TestKantele.start(folder, "", parts)) {
        Session found = node.kantele.open("s");
        String hello = node.model.script("hello", Script.saying("Hello."));

        assertThat(nack(found.submit(TestKantele.prompt(found, hello))))
            .isEqualTo(ErrorCode.AGENT_NOT_FOUND);
        assertThat(status(found).agent()).isEqualTo("other");
        assertThat(status(found).lastSeq()).isEqualTo(1);
      }
    }

    @Test
    void that_is_closed_are_refused_but_for_those_that_look_at_it() {
      ack(session.submit(new Command.SessionClose(Session.newCommand(), session.id(), reason())));
      assertThat(subscriber.await(SessionClosed.class).reason()).isEqualTo(reason());

      refused(prompt(HELLO), ErrorCode.SESSION_CLOSED);
      refused(
          new Command.SessionOpen(
              Session.newCommand(), session.id(), Optional.empty(), Optional.empty()),
          ErrorCode.SESSION_CLOSED);
      refused(cancel(session), ErrorCode.TURN_NOT_FOUND);
      assertThat(status(session).closed()).isTrue();
      ack(session.submit(new Command.SessionClose(Session.newCommand(), session.id(), reason())));
      assertThat(status(session).lastSeq()).isEqualTo(2);
    }

    private Optional<String> reason() {
      return Optional.of("enough");
    }

    @Test
    void that_is_about_to_close_are_refused_while_its_last_turn_ends() {
      TestModel.Call call = begin("last");
      var run = waitingTool(call);
      ack(
          session.submit(
              new Command.SessionClose(Session.newCommand(), session.id(), Optional.empty())));

      refused(prompt(HELLO), ErrorCode.SESSION_CLOSED);

      run.cancelled.complete(true);
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(EventBody.TurnCancelled.class);
      subscriber.await(SessionClosed.class);
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void that_can_not_write_are_unavailable_and_can_be_repeated() {
      var command = prompt(HELLO);
      ack(session.submit(prompt(HELLO)));
      subscriber.awaitTurnEnd();
      NODE.faults().fail(Operation.WRITE, rows(session), 1);

      assertThat(refused(command, ErrorCode.UNAVAILABLE).retryable()).isTrue();

      ack(session.submit(command));
      subscriber.awaitTurnEnd();
    }
  }

  /** Has {@code call} end with a tool call, and waits until the tool has been started. */
  private TestTool.Run waitingTool(TestModel.Call call) {
    call.say("Well,");
    call.offer(new ModelEvent.ToolCallStarted(1, "look"));
    call.offer(new ModelEvent.Finished(FinishReason.TOOL_CALLS, Usage.NONE));
    TestTool.Run run = NODE.look.next(session.id());
    subscriber.await(EventBody.ToolStarted.class);
    return run;
  }

  @Nested
  class Prompts {
    @Test
    void for_a_model_that_is_not_there_are_refused() {
      refused(prompt("test/missing"), ErrorCode.MODEL_NOT_FOUND);
      refused(prompt("nobody/missing"), ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void with_the_name_of_another_turn_are_refused_in_each_of_its_states() {
      TestModel.Call call = begin("first");
      ack(session.submit(prompt(HELLO, Optional.of("second"), OptionalLong.empty())));

      refused(prompt(HELLO, Optional.of("first"), OptionalLong.empty()), ErrorCode.TURN_EXISTS);
      refused(prompt(HELLO, Optional.of("second"), OptionalLong.empty()), ErrorCode.TURN_EXISTS);
      call.finish();
      subscriber.awaitTurnEnd();
      subscriber.awaitTurnEnd();
      refused(prompt(HELLO, Optional.of("first"), OptionalLong.empty()), ErrorCode.TURN_EXISTS);
      refused(prompt(HELLO, Optional.of("second"), OptionalLong.empty()), ErrorCode.TURN_EXISTS);
    }

    @Test
    void of_a_turn_that_was_cancelled_before_are_refused_every_time() {
      ack(session.submit(cancelOf("early")));

      refused(prompt(HELLO, Optional.of("early"), OptionalLong.empty()), ErrorCode.TURN_CANCELLED);
      refused(prompt(HELLO, Optional.of("early"), OptionalLong.empty()), ErrorCode.TURN_CANCELLED);
    }

    @Test
    void are_refused_while_as_many_wait_as_may() {
      TestModel.Call call = begin("first");
      ack(session.submit(prompt(HELLO)));
      ack(session.submit(prompt(HELLO)));

      WireError full = refused(prompt(HELLO), ErrorCode.QUEUE_FULL);

      assertThat(full.retryable()).isTrue();
      assertThat(full.message()).contains("2");
      call.finish();
      subscriber.awaitTurnEnd();
      ack(session.submit(prompt(HELLO)));
    }

    @Test
    void that_skip_a_number_are_told_which_one_is_expected() {
      WireError gap = refused(numbered(session, 2), ErrorCode.SEQUENCE_GAP);

      assertThat(gap.expected()).hasValue(1);
      var accepted = (AckBody.PromptAccepted) ack(session.submit(numbered(session, 1)));
      assertThat(accepted.nextSeq()).isEqualTo(2);
      ack(session.submit(numbered(session, 2)));
    }

    @Test
    void that_use_a_number_again_are_told_which_one_is_expected() {
      ack(session.submit(numbered(session, 1)));
      subscriber.awaitTurnEnd();

      WireError duplicate = refused(numbered(session, 1), ErrorCode.DUPLICATE_SEQUENCE);

      assertThat(duplicate.expected()).hasValue(2);
    }

    @Test
    void that_are_refused_use_no_number_up() {
      refused(
          prompt(session.id(), "test/missing", Optional.empty(), OptionalLong.of(1)),
          ErrorCode.MODEL_NOT_FOUND);

      ack(session.submit(numbered(session, 1)));
    }

    @Test
    void that_are_repeated_get_their_first_answer_again() {
      Command.Prompt command = numbered(session, 1);
      AckBody first = ack(session.submit(command));
      subscriber.awaitTurnEnd();
      long last = status(session).lastSeq();

      Reply.Ack again = (Reply.Ack) get(session.submit(command));

      assertThat(again).isEqualTo(new Reply.Ack(command.id(), /* duplicate= */ true, first));
      assertThat(status(session).lastSeq()).isEqualTo(last);
    }

    @Test
    void of_another_client_have_numbers_of_their_own() {
      ack(session.submit(numbered(session, 1)));
      var other = new ClientKey(Kantele.LOCAL_PRINCIPAL, new ClientId("other"));

      ack(NODE.kantele.sessions().submit(other, numbered(session, 1)));

      assertThat(status(session).nextSeq()).isEqualTo(2);
    }

    @Test
    void that_the_session_can_not_work_out_are_refused_as_its_own_fault() {
      refused(prompt("test/unspeakable"), ErrorCode.INTERNAL);
    }
  }

  @Nested
  class Cancels {
    @Test
    void without_a_turn_are_refused_if_none_runs() {
      refused(cancel(session), ErrorCode.TURN_NOT_FOUND);
    }

    @Test
    void of_a_waiting_turn_end_it_before_it_began() {
      TestModel.Call call = begin("first");
      ack(session.submit(prompt(HELLO, Optional.of("second"), OptionalLong.empty())));

      ack(session.submit(cancelOf("second")));

      var end = (EventBody.TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(end.turn()).isEqualTo(new TurnId("second"));
      call.finish();
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(EventBody.TurnCompleted.class);
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void of_a_turn_that_has_ended_change_nothing() {
      ack(session.submit(prompt(HELLO, Optional.of("first"), OptionalLong.empty())));
      subscriber.awaitTurnEnd();
      long last = status(session).lastSeq();

      ack(session.submit(cancelOf("first")));

      assertThat(status(session).lastSeq()).isEqualTo(last);
    }

    @Test
    void that_would_take_too_long_are_refused() {
      begin("first");
      var command =
          new Command.Cancel(
              Session.newCommand(),
              session.id(),
              Optional.empty(),
              Optional.empty(),
              OptionalLong.of(600_001));

      assertThat(refused(command, ErrorCode.INVALID_ARGUMENT).message())
          .contains("600001", "600000");
    }
  }

  @Nested
  class AboutToolCalls {
    @Test
    void that_are_not_there_are_refused() {
      var nothing = new InvocationId("nothing");
      refused(decide(nothing), ErrorCode.INVOCATION_NOT_FOUND);
      refused(progress(nothing), ErrorCode.INVOCATION_NOT_FOUND);
      refused(result(nothing), ErrorCode.INVOCATION_NOT_FOUND);
    }

    @Test
    void that_the_node_runs_are_not_a_clients_to_answer() {
      TestModel.Call call = begin("first");
      TestTool.Run run = waitingTool(call);

      refused(progress(run.call.invocation()), ErrorCode.FORBIDDEN);
      refused(result(run.call.invocation()), ErrorCode.FORBIDDEN);
      refused(decide(run.call.invocation()), ErrorCode.ALREADY_DECIDED);
      run.result.complete(TestTool.json("1"));
      calls.next().finish();
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(EventBody.TurnCompleted.class);
    }

    private Command.ToolDecide decide(InvocationId invocation) {
      return new Command.ToolDecide(
          Session.newCommand(),
          session.id(),
          invocation,
          Decision.APPROVE,
          Optional.empty(),
          Optional.empty());
    }

    private Command.ToolProgress progress(InvocationId invocation) {
      return new Command.ToolProgress(
          Session.newCommand(), session.id(), invocation, Optional.of("a"), Optional.empty());
    }

    private Command.ToolResult result(InvocationId invocation) {
      return new Command.ToolResult(
          Session.newCommand(),
          session.id(),
          invocation,
          Optional.of(TestTool.json("1")),
          Optional.empty());
    }
  }

  @Nested
  class Others {
    @Test
    void attaching_beyond_the_end_or_to_another_log_finds_no_cursor() {
      refused(attach(2, Optional.empty()), ErrorCode.CURSOR_UNKNOWN);
      refused(attach(0, Optional.of(new LogId("another"))), ErrorCode.CURSOR_UNKNOWN);
      assertThat(ack(session.submit(attach(1, Optional.of(session.log())))))
          .isEqualTo(new AckBody.Attached(session.log(), 1, 1));
    }

    private Command.SessionAttach attach(long after, Optional<LogId> log) {
      return new Command.SessionAttach(
          new CommandId("a"), session.id(), after, log, OptionalLong.empty());
    }

    @Test
    void answering_what_was_not_asked_is_refused() {
      refused(
          new Command.InputAnswer(
              Session.newCommand(),
              session.id(),
              new RequestId("r"),
              Optional.empty(),
              Optional.of(true)),
          ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void opening_what_is_there_finds_it() {
      Session again = NODE.kantele.open(session.id().value());

      assertThat(again.isNew()).isFalse();
      assertThat(again.log()).isEqualTo(session.log());
    }
  }
}
