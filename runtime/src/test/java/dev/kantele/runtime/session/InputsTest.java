package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.CoreRig.effects;
import static dev.kantele.runtime.session.CoreRig.event;
import static dev.kantele.runtime.session.CoreRig.json;
import static dev.kantele.runtime.session.CoreRig.nack;
import static dev.kantele.runtime.session.CoreRig.names;
import static dev.kantele.runtime.session.CoreRig.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.InputAnswered;
import dev.kantele.protocol.EventBody.InputRequested;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolTimedOut;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PendingRequest;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.RequestId;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.session.Input.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InputsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String COLOUR =
      "ask_user {\"question\":\"Which?\",\"options\":[\"red\",\"blue\"]}";

  private final CoreRig rig = new CoreRig();

  private static RequestId request(InvocationId call) {
    return new RequestId(call.value());
  }

  private Step answer(String client, RequestId request, String content) {
    return rig.command(
        client,
        id ->
            new Command.InputAnswer(
                id, CoreRig.ID, request, Optional.of(json(content)), Optional.empty()));
  }

  private Step decline(RequestId request) {
    return rig.command(
        "ada",
        id ->
            new Command.InputAnswer(id, CoreRig.ID, request, Optional.empty(), Optional.of(true)));
  }

  @Nested
  class When_a_model_asks {
    @Test
    void the_question_goes_to_the_people_and_the_call_waits() {
      rig.begin();

      Step step = rig.calls(COLOUR);

      assertThat(names(step))
          .containsExactly("stream.completed", "tool.requested", "input.requested");
      InputRequested asked = event(step, InputRequested.class);
      assertThat(asked.prompt()).isEqualTo("Which?");
      assertThat(asked.schema())
          .contains(json("{\"type\":\"string\",\"enum\":[\"red\",\"blue\"]}"));
      assertThat(asked.asker()).contains(rig.call(0));
      assertThat(asked.expiresAt()).contains(rig.now.plus(HOUR));
      assertThat(effects(step, Effect.InvokeTool.class)).isEmpty();
      assertThat(rig.state.hasOpenOperation()).isFalse();
    }

    @Test
    void for_something_of_no_form_the_call_fails() {
      rig.begin();

      Step step = rig.calls("ask_user {\"question\":\"?\",\"schema\":{\"type\":\"nothing\"}}");

      ToolFailed failed = event(step, ToolFailed.class);
      assertThat(failed.error().code()).isEqualTo("invalid_arguments");
      assertThat(failed.error().message()).startsWith("schema");
    }

    @Test
    void where_the_policy_asks_first_the_question_comes_after_the_approval() {
      rig.policy = new ApprovalPolicy(List.of(), ApprovalPolicy.Otherwise.ASK, HOUR);
      rig.begin().calls(COLOUR);
      InvocationId call = rig.call(0);
      rig.pass(Duration.ofMinutes(30));

      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.ToolDecide(
                      id, CoreRig.ID, call, Decision.APPROVE, Optional.empty(), Optional.empty()));

      assertThat(names(step)).containsExactly("tool.approved", "input.requested");
      assertThat(effects(step, Effect.StartTimer.class))
          .containsExactly(new Effect.StartTimer(new Timer.Expiry(call), rig.now.plus(HOUR)));
      assertThat(effects(step, Effect.StopTimer.class)).isEmpty();
    }
  }

  @Nested
  class While_a_question_waits {
    private InvocationId call;

    @BeforeEach
    void wait_for_somebody() {
      rig.begin().calls(COLOUR);
      call = rig.call(0);
    }

    @Test
    void status_and_snapshot_show_it() {
      PendingRequest pending = rig.status().pending().getFirst();
      assertThat(pending.kind()).isEqualTo("input");
      assertThat(pending.request()).contains(request(call));
      assertThat(pending.prompt()).contains("Which?");

      var turn = Snapshots.of(rig.state, rig.log).getFirst().state().turn().orElseThrow();
      assertThat(turn.pending()).containsExactly(pending);
      assertThat(turn.invocations().getFirst().state()).isEqualTo("awaiting_input");
    }

    @Test
    void any_client_of_the_owner_may_answer_and_the_model_hears_it() {
      Step step = answer("bea", request(call), "\"red\"");

      assertThat(names(step)).containsExactly("input.answered", "tool.completed", "stream.started");
      assertThat(event(step, InputAnswered.class).by()).isEqualTo("bea");
      assertThat(event(step, ToolCompleted.class).output()).isEqualTo(json("\"red\""));
      assertThat(effects(step, Effect.CallModel.class)).hasSize(1);
      assertThat(rig.status().pending()).isEmpty();
    }

    @Test
    void an_answer_that_does_not_fit_is_refused_and_it_still_waits() {
      Step step = answer("ada", request(call), "\"green\"");

      assertThat(reply(step))
          .isInstanceOfSatisfying(
              Reply.Nack.class,
              nack -> {
                assertThat(nack.error().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                assertThat(nack.error().message()).startsWith("content: 'green'");
              });
      assertThat(step.rows()).isEmpty();
      assertThat(rig.status().pending()).hasSize(1);
    }

    @Test
    void who_declines_fails_the_call() {
      Step step = decline(request(call));

      assertThat(event(step, InputAnswered.class).content()).isEmpty();
      assertThat(event(step, ToolFailed.class).error().code()).isEqualTo("declined");
    }

    @Test
    void nobody_in_time_is_a_time_out() {
      rig.pass(HOUR);

      Step step = rig.fires(new Timer.Expiry(call));

      assertThat(names(step)).containsExactly("tool.timed_out", "stream.started");
      assertThat(event(step, ToolTimedOut.class).error().message()).contains("nobody answered");
    }

    @Test
    void a_decision_is_not_an_answer() {
      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.ToolDecide(
                      id, CoreRig.ID, call, Decision.APPROVE, Optional.empty(), Optional.empty()));

      assertThat(nack(step)).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void a_cancel_of_the_turn_ends_both_at_once() {
      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.Cancel(
                      id, CoreRig.ID, Optional.empty(), Optional.empty(), OptionalLong.empty()));

      assertThat(names(step)).containsExactly("tool.cancelled", "turn.cancelled");
    }

    @Test
    void a_restart_writes_nothing_and_it_still_waits() {
      Step step = rig.restart();

      assertThat(step.rows()).isEmpty();
      assertThat(effects(step, Effect.StartTimer.class))
          .containsExactly(new Effect.StartTimer(new Timer.Expiry(call), rig.now.plus(HOUR)));
      assertThat(names(answer("bea", request(call), "\"blue\""))).contains("tool.completed");
    }
  }

  @Nested
  class When_it_was_answered {
    @Test
    void the_next_answer_comes_too_late_and_the_same_one_gets_the_same_reply() {
      rig.begin().calls(COLOUR);
      RequestId request = request(rig.call(0));
      var first =
          new Command.InputAnswer(
              new CommandId("first"),
              CoreRig.ID,
              request,
              Optional.of(json("\"red\"")),
              Optional.empty());
      rig.command("ada", first);

      assertThat(nack(answer("bea", request, "\"blue\""))).isEqualTo(ErrorCode.ALREADY_DECIDED);
      Step again = rig.command("ada", first);
      assertThat(reply(again))
          .isInstanceOfSatisfying(Reply.Ack.class, ack -> assertThat(ack.duplicate()).isTrue());
      assertThat(again.rows()).isEmpty();
    }

    @Test
    void a_question_that_never_was_is_refused() {
      rig.begin();

      assertThat(nack(answer("bea", new RequestId("nothing"), "1")))
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
  }
}
