package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.CoreRig.effects;
import static dev.kantele.runtime.session.CoreRig.event;
import static dev.kantele.runtime.session.CoreRig.json;
import static dev.kantele.runtime.session.CoreRig.nack;
import static dev.kantele.runtime.session.CoreRig.names;
import static dev.kantele.runtime.session.CoreRig.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.log.JournalRecord.ResultGiven;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hooks and the results that come from outside. */
class ResultChecksTest {
  private static final Failure BROKEN = new Failure("hook_failed", "it broke", false);

  private final CoreRig rig = new CoreRig();

  private Step says(InvocationId call, ToolOutcome outcome) {
    return rig.give(new Input.ResultChecked(call, outcome));
  }

  private Step cancel() {
    return rig.command(
        "ada",
        id ->
            new Command.Cancel(
                id, CoreRig.ID, Optional.empty(), Optional.empty(), OptionalLong.empty()));
  }

  private static ToolOutcome completed(String output) {
    return new ToolOutcome.Completed(json(output));
  }

  @Nested
  class AResultOfAClientsTool {
    private InvocationId call = new InvocationId("none-yet");

    private void start(ToolEffect effect) {
      rig.policy = ApprovalPolicy.allowingAll();
      rig.begin();
      var tool =
          new ToolDescription("fetch", "Does it", json("{}"), effect, OptionalLong.of(30_000));
      rig.command(
          "bea", id -> new Command.ToolRegister(id, CoreRig.ID, OptionalLong.of(1), List.of(tool)));
      rig.calls("fetch {\"n\": 1}");
      call = rig.call(0);
      rig.hooks = true;
    }

    private Step result(String command, String output) {
      return rig.command(
          "bea",
          new Command.ToolResult(
              new CommandId(command),
              CoreRig.ID,
              call,
              Optional.of(json(output)),
              Optional.empty()));
    }

    @Test
    void is_durable_and_acknowledged_before_the_hooks_are_asked() {
      start(ToolEffect.READ_ONLY);

      Step step = result("res", "42");

      assertThat(step.rows())
          .extracting(row -> (Object) row.content())
          .contains(
              new ResultGiven(
                  new Part.ToolResult(call, Optional.of(json("42")), Optional.empty())));
      assertThat(names(step)).isEmpty();
      assertThat(reply(step)).isInstanceOf(Reply.Ack.class);
      assertThat(step.effects())
          .contains(
              new Effect.StopTimer(new Timer.ClientLimit(call)),
              new Effect.CheckResult(
                  CoreRig.TURN,
                  call,
                  "agent",
                  "fetch",
                  json("{\"n\": 1}"),
                  new ToolResult.Output(json("42"))));
    }

    @Test
    void is_what_the_hooks_make_of_it() {
      start(ToolEffect.READ_ONLY);
      result("res", "42");

      Step step = says(call, completed("43"));

      assertThat(names(step)).containsExactly("tool.completed", "stream.started");
      assertThat(event(step, ToolCompleted.class).output()).isEqualTo(json("43"));
    }

    @Test
    void that_is_an_error_is_shown_to_the_hooks_too() {
      start(ToolEffect.READ_ONLY);
      var no = new Failure("broken", "it broke", false);

      Step step =
          rig.command(
              "bea",
              id ->
                  new Command.ToolResult(id, CoreRig.ID, call, Optional.empty(), Optional.of(no)));

      assertThat(effects(step, Effect.CheckResult.class))
          .extracting(Effect.CheckResult::result)
          .containsExactly(new ToolResult.Failed(no));
    }

    @Test
    void is_given_once() {
      start(ToolEffect.READ_ONLY);
      result("res", "42");

      Step again = result("res", "42");

      assertThat(reply(again))
          .isInstanceOfSatisfying(Reply.Ack.class, ack -> assertThat(ack.duplicate()).isTrue());
      assertThat(again.rows()).isEmpty();
      assertThat(nack(result("other", "43"))).isEqualTo(ErrorCode.ALREADY_DECIDED);
      assertThat(
              nack(
                  rig.command(
                      "bea",
                      id ->
                          new Command.ToolProgress(
                              id, CoreRig.ID, call, Optional.of("half"), Optional.empty()))))
          .isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void is_not_out_of_time_any_more() {
      start(ToolEffect.READ_ONLY);
      result("res", "42");

      assertThat(rig.pass(Duration.ofMinutes(1)).fires(new Timer.ClientLimit(call)))
          .isEqualTo(Step.NOTHING);
    }

    @Test
    void is_shown_to_the_hooks_again_after_a_restart() {
      start(ToolEffect.UNSAFE);
      result("res", "42");

      Step step = rig.restart();

      assertThat(names(step)).containsExactly("session.recovered");
      assertThat(effects(step, Effect.CheckResult.class)).hasSize(1);
      assertThat(effects(step, Effect.StartTimer.class))
          .extracting(Effect.StartTimer::timer)
          .doesNotContain(new Timer.ClientLimit(call));
      assertThat(event(says(call, completed("42")), ToolCompleted.class).output())
          .isEqualTo(json("42"));
    }

    @Test
    void ends_the_call_after_a_restart_without_hooks() {
      start(ToolEffect.UNSAFE);
      result("res", "42");
      rig.hooks = false;

      Step step = rig.restart();

      assertThat(names(step))
          .containsExactly("session.recovered", "tool.completed", "stream.started");
    }

    @Test
    void for_which_a_hook_breaks_fails_the_call_and_the_turn() {
      start(ToolEffect.READ_ONLY);
      result("res", "42");

      Step step = says(call, new ToolOutcome.HookBroke(BROKEN));

      assertThat(names(step)).containsExactly("tool.failed", "turn.failed");
      assertThat(event(step, ToolFailed.class).error()).isEqualTo(BROKEN);
      assertThat(event(step, TurnFailed.class).error()).isEqualTo(BROKEN);
    }

    @Test
    void is_not_waited_for_by_a_cancel() {
      start(ToolEffect.READ_ONLY);
      result("res", "42");

      Step step = cancel();

      assertThat(names(step)).containsExactly("tool.cancelled", "turn.cancelled");
      assertThat(effects(step, Effect.Abandon.class))
          .containsExactly(new Effect.Abandon(call.value()));
      assertThat(says(call, completed("42"))).isEqualTo(Step.NOTHING);
    }

    @Test
    void of_an_unsafe_tool_is_not_said_to_have_left_nothing_behind_by_a_cancel() {
      start(ToolEffect.UNSAFE);
      result("res", "42");

      assertThat(names(cancel())).containsExactly("tool.unknown", "turn.cancelled");
    }

    @Test
    void that_the_hooks_answer_twice_counts_once() {
      start(ToolEffect.READ_ONLY);
      result("res", "42");
      says(call, completed("42"));

      assertThat(says(call, completed("43"))).isEqualTo(Step.NOTHING);
    }
  }

  @Nested
  class AnAnswerToAQuestion {
    private InvocationId call = new InvocationId("none-yet");

    @BeforeEach
    void ask() {
      rig.begin();
      rig.calls("ask_user {\"question\":\"Which?\"}");
      call = rig.call(0);
      rig.hooks = true;
    }

    private Step answer(Optional<String> content) {
      return rig.command(
          "bea",
          id ->
              new Command.InputAnswer(
                  id,
                  CoreRig.ID,
                  new RequestId(call.value()),
                  content.map(CoreRig::json),
                  content.isPresent() ? Optional.empty() : Optional.of(true)));
    }

    @Test
    void is_in_the_log_and_the_hooks_are_asked() {
      Step step = answer(Optional.of("\"red\""));

      assertThat(names(step)).containsExactly("input.answered");
      assertThat(effects(step, Effect.CheckResult.class))
          .extracting(Effect.CheckResult::tool, Effect.CheckResult::result)
          .containsExactly(tuple("ask_user", new ToolResult.Output(json("\"red\""))));
    }

    @Test
    void is_what_the_hooks_make_of_it_for_the_model() {
      answer(Optional.of("\"red\""));

      Step step = says(call, completed("\"blue\""));

      assertThat(event(step, ToolCompleted.class).output()).isEqualTo(json("\"blue\""));
    }

    @Test
    void that_was_declined_is_an_error_to_the_hooks() {
      Step step = answer(Optional.empty());

      assertThat(effects(step, Effect.CheckResult.class))
          .extracting(Effect.CheckResult::result)
          .containsExactly(
              new ToolResult.Failed(new Failure("declined", "bea declined to answer", false)));
    }

    @Test
    void is_not_waited_for_any_more() {
      answer(Optional.of("\"red\""));

      assertThat(rig.status().pending()).isEmpty();
      assertThat(nack(answer(Optional.of("\"blue\"")))).isEqualTo(ErrorCode.ALREADY_DECIDED);
      assertThat(rig.fires(new Timer.Expiry(call))).isEqualTo(Step.NOTHING);
    }

    @Test
    void is_shown_to_the_hooks_again_after_a_restart() {
      answer(Optional.of("\"red\""));

      Step step = rig.restart();

      assertThat(step.rows()).isEmpty();
      assertThat(effects(step, Effect.CheckResult.class)).hasSize(1);
      assertThat(effects(step, Effect.CheckTool.class)).isEmpty();
    }

    @Test
    void is_not_waited_for_by_a_cancel() {
      answer(Optional.of("\"red\""));

      assertThat(names(cancel())).containsExactly("tool.cancelled", "turn.cancelled");
    }
  }
}
