package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.CoreRig.effects;
import static dev.kantele.runtime.session.CoreRig.event;
import static dev.kantele.runtime.session.CoreRig.json;
import static dev.kantele.runtime.session.CoreRig.nack;
import static dev.kantele.runtime.session.CoreRig.names;
import static dev.kantele.runtime.session.CoreRig.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PendingRequest;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.agent.ApprovalRule;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.tool.ArgumentPattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ApprovalsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final CoreRig rig = new CoreRig();

  private static Command.ToolDecide decide(
      CommandId id, InvocationId invocation, Decision decision) {
    return new Command.ToolDecide(
        id, CoreRig.ID, invocation, decision, Optional.empty(), Optional.empty());
  }

  private Step approve(String client, InvocationId invocation) {
    return rig.command(client, id -> decide(id, invocation, Decision.APPROVE));
  }

  private Step approve(InvocationId invocation, String edited) {
    return rig.command(
        "ada",
        id ->
            new Command.ToolDecide(
                id,
                CoreRig.ID,
                invocation,
                Decision.APPROVE,
                Optional.of(json(edited)),
                Optional.empty()));
  }

  @Nested
  class When_a_model_calls {
    @Test
    void a_read_only_tool_runs_at_once_and_any_other_waits() {
      rig.begin();

      Step step = rig.calls("look {}", "send {\"to\":\"bob\"}");

      assertThat(names(step))
          .containsExactly(
              "stream.completed",
              "tool.requested",
              "tool.requested",
              "tool.started",
              "tool.approval_required");
      assertThat(event(step, ToolApprovalRequired.class).expiresAt()).contains(rig.now.plus(HOUR));
      assertThat(effects(step, Effect.InvokeTool.class))
          .extracting(Effect.InvokeTool::tool)
          .containsExactly("look");
      assertThat(effects(step, Effect.StartTimer.class))
          .containsExactly(
              new Effect.StartTimer(new Timer.Expiry(rig.call(1)), rig.now.plus(HOUR)));
    }

    @Test
    void what_the_policy_forbids_is_denied_and_the_turn_goes_on() {
      rig.policy =
          new ApprovalPolicy(
              List.of(
                  new ApprovalRule(
                      ArgumentPattern.ofGlob("s*"),
                      List.of(),
                      ApprovalRule.Decision.DENY,
                      Optional.of("no letters"))),
              ApprovalPolicy.Otherwise.ALLOW,
              HOUR);
      rig.begin();

      Step step = rig.calls("send {}");

      assertThat(event(step, ToolDenied.class).reason()).contains("no letters");
      assertThat(names(step)).endsWith("tool.denied", "stream.started");
      assertThat(effects(step, Effect.InvokeTool.class)).isEmpty();
    }

    @Test
    void with_arguments_that_do_not_fit_nobody_is_asked() {
      rig.begin();

      Step step = rig.calls("send {\"bad\":1}");

      assertThat(event(step, ToolFailed.class).error().code()).isEqualTo("invalid_arguments");
      assertThat(names(step)).doesNotContain("tool.approval_required");
    }
  }

  @Nested
  class While_a_call_waits {
    private InvocationId call;

    @BeforeEach
    void wait_for_somebody() {
      rig.begin().calls("send {\"to\":\"bob\"}");
      call = rig.call(0);
    }

    @Test
    void status_and_snapshot_show_it() {
      PendingRequest pending =
          PendingRequest.approval(
              CoreRig.TURN,
              call,
              "send",
              Optional.of(json("{\"to\":\"bob\"}")),
              Optional.of(rig.now.plus(HOUR)));

      assertThat(rig.status().pending()).containsExactly(pending);
      var turn = Snapshots.of(rig.state, rig.log).getFirst().state().turn().orElseThrow();
      assertThat(turn.pending()).containsExactly(pending);
      assertThat(turn.invocations())
          .singleElement()
          .satisfies(open -> assertThat(open.state()).isEqualTo("awaiting_approval"));
    }

    @Test
    void any_client_of_the_owner_may_allow_it() {
      Step step = approve("bea", call);

      assertThat(names(step)).containsExactly("tool.approved", "tool.started");
      assertThat(event(step, ToolApproved.class).by()).isEqualTo("bea");
      assertThat(effects(step, Effect.InvokeTool.class))
          .singleElement()
          .satisfies(invoke -> assertThat(invoke.arguments()).isEqualTo(json("{\"to\":\"bob\"}")));
      assertThat(effects(step, Effect.StopTimer.class))
          .contains(new Effect.StopTimer(new Timer.Expiry(call)));
      assertThat(rig.status().pending()).isEmpty();
    }

    @Test
    void it_runs_with_the_arguments_that_were_allowed() {
      Step step = approve(call, "{\"to\":\"eve\"}");

      assertThat(event(step, ToolApproved.class).arguments()).contains(json("{\"to\":\"eve\"}"));
      assertThat(effects(step, Effect.InvokeTool.class).getFirst().arguments())
          .isEqualTo(json("{\"to\":\"eve\"}"));
    }

    @Test
    void arguments_that_do_not_fit_are_refused_and_it_still_waits() {
      Step step = approve(call, "{\"bad\":1}");

      assertThat(nack(step)).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(step.rows()).isEmpty();
      assertThat(rig.status().pending()).hasSize(1);
    }

    @Test
    void who_denies_it_says_why_and_the_model_hears_it() {
      Step step =
          rig.command(
              "bea",
              id ->
                  new Command.ToolDecide(
                      id,
                      CoreRig.ID,
                      call,
                      Decision.DENY,
                      Optional.empty(),
                      Optional.of("not to bob")));

      assertThat(names(step)).containsExactly("tool.denied", "stream.started");
      assertThat(event(step, ToolDenied.class).reason()).contains("not to bob");
      assertThat(effects(step, Effect.InvokeTool.class)).isEmpty();
      assertThat(effects(step, Effect.CallModel.class)).hasSize(1);
    }

    @Test
    void a_tool_that_is_gone_by_then_fails_its_call() {
      rig.gone = "send";

      Step step = approve("ada", call);

      assertThat(names(step)).startsWith("tool.approved", "tool.failed");
      assertThat(event(step, ToolFailed.class).error().code()).isEqualTo("tool_not_found");
    }

    @Test
    void nobody_in_time_is_a_denial() {
      rig.pass(HOUR);

      Step step = rig.fires(new Timer.Expiry(call));

      assertThat(event(step, ToolDenied.class).reason().orElseThrow()).contains("expired");
      assertThat(effects(step, Effect.CallModel.class)).hasSize(1);
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
      assertThat(event(step, ToolCancelled.class).invocation()).isEqualTo(call);
      assertThat(rig.state.turn()).isEmpty();
    }

    @Test
    void a_restart_writes_nothing_and_it_still_waits_until_the_same_time() {
      rig.policy = ApprovalPolicy.allowingAll();
      rig.pass(Duration.ofMinutes(5));

      Step step = rig.restart();

      assertThat(step.rows()).isEmpty();
      assertThat(effects(step, Effect.StartTimer.class))
          .containsExactly(
              new Effect.StartTimer(
                  new Timer.Expiry(call), rig.now.plus(HOUR).minus(Duration.ofMinutes(5))));
      assertThat(effects(approve("bea", call), Effect.InvokeTool.class)).hasSize(1);
    }

    @Test
    void the_model_is_called_only_when_it_has_ended_too() {
      approve("ada", call);

      assertThat(effects(rig.completes(call), Effect.CallModel.class)).hasSize(1);
    }
  }

  @Nested
  class When_it_was_decided {
    private InvocationId call;

    @BeforeEach
    void decided() {
      rig.begin().calls("send {}");
      call = rig.call(0);
      rig.command("ada", decide(new CommandId("first"), call, Decision.APPROVE));
    }

    @Test
    void the_next_decision_comes_too_late() {
      assertThat(nack(approve("bea", call))).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void the_next_decision_comes_too_late_even_when_the_turn_has_ended() {
      rig.completes(call);
      rig.finishes(FinishReason.END);

      assertThat(nack(approve("bea", call))).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void the_same_command_gets_the_same_answer_even_after_a_restart() {
      rig.restart();

      Step step = rig.command("ada", decide(new CommandId("first"), call, Decision.APPROVE));

      assertThat(reply(step))
          .isEqualTo(new Reply.Ack(new CommandId("first"), true, new AckBody.Done()));
      assertThat(step.rows()).isEmpty();
      assertThat(effects(step, Effect.InvokeTool.class)).isEmpty();
    }

    @Test
    void a_call_that_never_was_is_not_found() {
      assertThat(nack(approve("bea", new InvocationId("nothing"))))
          .isEqualTo(ErrorCode.INVOCATION_NOT_FOUND);
    }

    @Test
    void a_timer_that_fires_late_changes_nothing() {
      assertThat(rig.fires(new Timer.Expiry(call))).isEqualTo(Step.NOTHING);
    }
  }

  @Nested
  class The_turns_clock {
    private final Timer wallTime = new Timer.WallTime(CoreRig.TURN);

    @Test
    void stands_while_a_call_waits_and_then_goes_on() {
      rig.begin();
      var end = rig.now.plus(Duration.ofMinutes(15));
      Step asked = rig.calls("send {}", "send {}");
      rig.pass(Duration.ofMinutes(30));
      Step first = approve("ada", rig.call(0));
      rig.pass(Duration.ofMinutes(10));
      Step second = approve("ada", rig.call(1));

      assertThat(asked.effects()).contains(new Effect.StopTimer(wallTime));
      assertThat(effects(first, Effect.StartTimer.class)).isEmpty();
      assertThat(effects(second, Effect.StartTimer.class))
          .containsExactly(new Effect.StartTimer(wallTime, end.plus(Duration.ofMinutes(40))));
    }

    @Test
    void ends_no_turn_that_waits_or_has_time_left() {
      rig.begin().calls("send {}");
      rig.pass(Duration.ofMinutes(16));

      assertThat(rig.fires(wallTime)).isEqualTo(Step.NOTHING);

      approve("ada", rig.call(0));
      Step early = rig.fires(wallTime);
      assertThat(early.rows()).isEmpty();
      assertThat(effects(early, Effect.StartTimer.class))
          .containsExactly(new Effect.StartTimer(wallTime, rig.now.plus(Duration.ofMinutes(15))));

      rig.pass(Duration.ofMinutes(15));
      assertThat(rig.fires(wallTime).rows()).isNotEmpty();
    }

    @Test
    void stands_over_a_restart() {
      rig.begin().calls("send {}");
      rig.pass(Duration.ofMinutes(30)).restart();
      rig.pass(Duration.ofMinutes(1));

      Step step = approve("ada", rig.call(0));

      assertThat(effects(step, Effect.StartTimer.class))
          .containsExactly(new Effect.StartTimer(wallTime, rig.now.plus(Duration.ofMinutes(15))));
    }
  }
}
