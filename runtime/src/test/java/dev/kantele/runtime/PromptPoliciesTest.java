package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.nack;
import static dev.kantele.runtime.TestKantele.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kantele.protocol.AckBody.PromptAccepted;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.EventBody.TurnSteered;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a prompt does to the turn that runs, and what the model is then told. */
@Timeout(60)
final class PromptPoliciesTest {
  private static final TestKantele NODE = TestKantele.start();

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);
  private final TestModel.Calls calls = NODE.model.byHand("by-hand-" + session.id());

  @AfterEach
  void everything_has_ended() {
    assertThat(status(session).turns()).isEmpty();
    assertThat(subscriber.last()).isEqualTo(status(session).lastSeq());
    assertThat(subscriber.open()).isEmpty();
    subscriber.close();
  }

  private Command.Prompt prompt(String text, PromptPolicy policy) {
    return new Command.Prompt(
        Session.newCommand(),
        session.id(),
        OptionalLong.empty(),
        List.of(new Part.Text(text)),
        Optional.of(new TurnId(text)),
        Optional.of(policy),
        OptionalLong.empty(),
        Optional.of(calls.model),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The text is also the turn's name. */
  private PromptAccepted submit(String text, PromptPolicy policy) {
    return (PromptAccepted) ack(session.submit(prompt(text, policy)));
  }

  private void assertTurns(String... expected) {
    assertThat(status(session).turns())
        .extracting(turn -> turn.turn() + " " + turn.state())
        .containsExactly(expected);
  }

  /** What a model was told, a message each: who, what, and a sign if it was cut off. */
  private static List<String> told(TestModel.Call call) {
    return call.request().transcript().stream().map(PromptPoliciesTest::line).toList();
  }

  private static String line(Message message) {
    var parts = new StringBuilder();
    for (Part part : message.content()) {
      parts.append(' ');
      switch (part) {
        case Part.Text(var text) -> parts.append(text);
        case Part.ToolCall toolCall -> parts.append("calls ").append(toolCall.name());
        case Part.ToolResult result ->
            parts.append(result.output().map(Object::toString).orElse("failed"));
        default -> throw new AssertionError(part);
      }
    }
    return message.role().name().toLowerCase(Locale.ROOT)
        + ":"
        + parts
        + (message.partial() ? " …" : "");
  }

  private void finish(TestModel.Call call, String text) {
    call.say(text);
    call.finish();
    assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
  }

  /** Says something, and waits until it is in the log. */
  private void say(TestModel.Call call, String text) {
    call.say(text);
    subscriber.await(TextDelta.class);
  }

  private TestTool.Run callTool(TestModel.Call call, int part) {
    call.offer(new ModelEvent.ToolCallStarted(part, "look"));
    call.offer(new ModelEvent.Finished(FinishReason.TOOL_CALLS, Usage.NONE));
    TestTool.Run run = NODE.look.next(session.id());
    subscriber.await(ToolStarted.class);
    return run;
  }

  @Nested
  class WhileNothingRuns {
    @ParameterizedTest
    @EnumSource
    void every_policy_runs_the_prompt_at_once(PromptPolicy policy) {
      PromptAccepted accepted = submit("first", policy);

      assertThat(accepted).isEqualTo(new PromptAccepted(new TurnId("first"), 0, 1));
      assertThat(subscriber.await(TurnQueued.class).policy()).isEqualTo(policy);
      TestModel.Call call = calls.next();
      assertThat(told(call)).containsExactly("user: first");
      finish(call, "Done.");
    }
  }

  @Nested
  class WhileATurnRuns {
    private TestModel.Call running;

    WhileATurnRuns() {
      submit("first", PromptPolicy.ENQUEUE);
      running = calls.next();
      subscriber.await(StreamStarted.class);
    }

    @Test
    void enqueue_has_the_prompts_wait_for_their_turn_in_order() {
      assertThat(submit("second", PromptPolicy.ENQUEUE).position()).isEqualTo(1);
      assertThat(submit("third", PromptPolicy.ENQUEUE).position()).isEqualTo(2);
      assertTurns("first running", "second queued", "third queued");

      finish(running, "One.");
      TestModel.Call second = calls.next();
      assertThat(told(second)).containsExactly("user: first", "assistant: One.", "user: second");
      assertTurns("second running", "third queued");
      finish(second, "Two.");
      TestModel.Call third = calls.next();
      assertThat(told(third)).last().isEqualTo("user: third");
      finish(third, "Three.");
    }

    @Test
    void reject_refuses_the_prompt_and_leaves_the_turn_alone() {
      assertThat(nack(session.submit(prompt("second", PromptPolicy.REJECT))))
          .isEqualTo(ErrorCode.TURN_RUNNING);

      assertTurns("first running");
      finish(running, "One.");
      submit("second", PromptPolicy.REJECT);
      finish(calls.next(), "Two.");
    }

    @Test
    void interrupt_cancels_the_turn_and_goes_before_those_that_wait() {
      say(running, "I was about");
      submit("second", PromptPolicy.ENQUEUE);

      assertThat(submit("third", PromptPolicy.INTERRUPT).position()).isEqualTo(1);

      var cancelled = (TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(cancelled.turn()).isEqualTo(new TurnId("first"));
      assertThat(cancelled.rolledBack()).isFalse();
      TestKantele.get(running.ended());
      TestModel.Call third = calls.next();
      assertThat(told(third))
          .containsExactly("user: first", "assistant: I was about …", "user: third");
      assertTurns("third running", "second queued");
      finish(third, "Three.");
      finish(calls.next(), "Two.");
    }

    @Test
    void interrupt_waits_for_a_tool_to_stop_and_the_model_learns_what_became_of_it() {
      say(running, "Let me see.");
      TestTool.Run run = callTool(running, 1);

      submit("second", PromptPolicy.INTERRUPT);
      TestKantele.get(run.cancelAsked);
      assertTurns("first cancelling", "second queued");
      run.cancelled.complete(true);

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      TestModel.Call second = calls.next();
      assertThat(told(second))
          .hasSize(4)
          .startsWith("user: first", "assistant: Let me see. calls look")
          .endsWith("user: second");
      assertThat(second.request().transcript().get(2).role()).isEqualTo(Role.TOOL);
      finish(second, "Two.");
    }

    @Test
    void a_second_interrupt_takes_the_place_of_the_first() {
      say(running, "Let me see.");
      TestTool.Run run = callTool(running, 1);

      submit("second", PromptPolicy.INTERRUPT);
      submit("third", PromptPolicy.INTERRUPT);
      assertTurns("first cancelling", "third queued", "second queued");
      run.cancelled.complete(true);

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      finish(calls.next(), "Three.");
      finish(calls.next(), "Two.");
      assertThat(subscriber.seen(TurnStarted.class))
          .extracting(TurnStarted::turn)
          .containsExactly(new TurnId("first"), new TurnId("third"), new TurnId("second"));
    }

    @Test
    void steer_joins_the_turn_before_its_next_model_call() {
      say(running, "Let me see.");
      TestTool.Run run = callTool(running, 1);

      assertThat(submit("and-quickly", PromptPolicy.STEER))
          .isEqualTo(new PromptAccepted(new TurnId("first"), 0, 1));
      assertThat(subscriber.await(TurnSteered.class).content())
          .containsExactly(new Part.Text("and-quickly"));
      run.result.complete(TestTool.json("\"blue\""));

      TestModel.Call next = calls.next();
      assertThat(next.request().turn()).isEqualTo(new TurnId("first"));
      assertThat(told(next))
          .containsExactly(
              "user: first",
              "assistant: Let me see. calls look",
              "tool: \"blue\"",
              "user: and-quickly");
      finish(next, "Blue.");
      assertThat(subscriber.seen(TurnQueued.class)).hasSize(1);
    }

    @Test
    void steer_becomes_the_next_turn_if_the_model_is_not_called_again() {
      submit("later", PromptPolicy.ENQUEUE);
      submit("too-late", PromptPolicy.STEER);

      finish(running, "One.");

      TestModel.Call next = calls.next();
      assertThat(next.request().turn()).isEqualTo(new TurnId("too-late"));
      assertThat(told(next)).containsExactly("user: first", "assistant: One.", "user: too-late");
      finish(next, "Two.");
      finish(calls.next(), "Three.");
      assertThat(subscriber.seen(TurnQueued.class))
          .extracting(TurnQueued::turn, TurnQueued::policy)
          .contains(tuple(new TurnId("too-late"), PromptPolicy.STEER));
    }

    @Test
    void steer_waits_for_the_next_turn_if_this_one_is_being_cancelled() {
      say(running, "Let me see.");
      TestTool.Run run = callTool(running, 1);
      ack(session.submit(cancel(session)));
      submit("later", PromptPolicy.ENQUEUE);

      assertThat(submit("sooner", PromptPolicy.STEER))
          .isEqualTo(new PromptAccepted(new TurnId("sooner"), 1, 1));
      assertTurns("first cancelling", "sooner queued", "later queued");
      run.cancelled.complete(true);

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      finish(calls.next(), "Two.");
      finish(calls.next(), "Three.");
    }

    @Test
    void rollback_forgets_what_the_turn_said() {
      say(running, "I was about");
      submit("second", PromptPolicy.ENQUEUE);

      assertThat(submit("instead", PromptPolicy.ROLLBACK).position()).isEqualTo(1);

      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).rolledBack()).isTrue();
      TestModel.Call instead = calls.next();
      assertThat(told(instead)).containsExactly("user: instead");
      assertTurns("instead running", "second queued");
      finish(instead, "Instead.");
      finish(calls.next(), "Two.");
    }

    @Test
    void rollback_keeps_the_tool_calls_that_started_and_their_results() {
      say(running, "Let me see.");
      TestTool.Run run = callTool(running, 1);
      run.result.complete(TestTool.json("\"blue\""));
      TestModel.Call after = calls.next();
      subscriber.await(StreamStarted.class);
      say(after, "It is");

      submit("instead", PromptPolicy.ROLLBACK);

      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).rolledBack()).isTrue();
      TestModel.Call instead = calls.next();
      assertThat(told(instead))
          .containsExactly("assistant: calls look", "tool: \"blue\"", "user: instead");
      finish(instead, "Instead.");
      assertThat(subscriber.seen(StreamCompleted.class)).hasSize(2);
    }

    @Test
    void a_rollback_after_an_interrupt_still_rolls_the_turn_back() {
      say(running, "Let me see.");
      TestTool.Run run = callTool(running, 1);
      submit("second", PromptPolicy.INTERRUPT);
      submit("third", PromptPolicy.ROLLBACK);
      run.cancelled.complete(true);

      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).rolledBack()).isTrue();
      TestModel.Call third = calls.next();
      assertThat(told(third))
          .hasSize(3)
          .startsWith("assistant: calls look")
          .endsWith("user: third");
      finish(third, "Three.");
      finish(calls.next(), "Two.");
    }
  }
}
