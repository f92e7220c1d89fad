package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.CoreRig.effects;
import static dev.kantele.runtime.session.CoreRig.event;
import static dev.kantele.runtime.session.CoreRig.json;
import static dev.kantele.runtime.session.CoreRig.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.session.Input.ToolCheck;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ToolChecksTest {
  private static final ToolCheck PASSED = new ToolCheck.Passed(List.of());
  private static final Failure BROKEN = new Failure("hook_failed", "it broke", false);

  private final CoreRig rig = new CoreRig();

  @BeforeEach
  void begin() {
    rig.hooks = true;
    rig.begin();
  }

  private Step says(InvocationId call, ToolCheck check) {
    return rig.give(new Input.ToolChecked(call, check));
  }

  private static ToolCheck changing(String... arguments) {
    return new ToolCheck.Passed(
        Stream.of(arguments).map(text -> new ArgumentChange("a", json(text))).toList());
  }

  @Nested
  class ACallThatPolicyAllows {
    @Test
    void is_asked_about_and_does_not_start() {
      Step step = rig.calls("look {\"n\": 1}");

      assertThat(names(step)).containsExactly("stream.completed", "tool.requested");
      Effect.CheckTool check = effects(step, Effect.CheckTool.class).getFirst();
      assertThat(check)
          .isEqualTo(
              new Effect.CheckTool(CoreRig.TURN, rig.call(0), "agent", "look", json("{\"n\": 1}")));
      assertThat(effects(step, Effect.InvokeTool.class)).isEmpty();
    }

    @Test
    void is_not_asked_about_if_it_fails_anyway() {
      Step step = rig.calls("look {\"bad\": 1}");

      assertThat(effects(step, Effect.CheckTool.class)).isEmpty();
      assertThat(names(step)).contains("tool.failed");
    }

    @Test
    void starts_at_once_where_there_are_no_hooks() {
      rig.hooks = false;
      Step step = rig.calls("look {}");

      assertThat(names(step)).contains("tool.started");
      assertThat(effects(step, Effect.CheckTool.class)).isEmpty();
    }
  }

  @Nested
  class ACallThatIsAskedAbout {
    @Test
    void starts_when_the_hooks_let_it_through() {
      rig.calls("look {\"n\": 1}");
      Step step = says(rig.call(0), PASSED);

      assertThat(names(step)).containsExactly("tool.started");
      assertThat(effects(step, Effect.InvokeTool.class).getFirst().arguments())
          .isEqualTo(json("{\"n\": 1}"));
    }

    @Test
    void starts_with_the_last_of_the_arguments_that_the_log_has() {
      rig.calls("look {}");
      Step step = says(rig.call(0), changing("{\"n\": 2}", "{\"n\": 3}"));

      assertThat(names(step)).containsExactly("tool.approved", "tool.approved", "tool.started");
      assertThat(CoreRig.events(step).toList().get(1))
          .isEqualTo(
              new ToolApproved(
                  CoreRig.TURN,
                  rig.state.turn().orElseThrow().calls().getFirst().invocation(),
                  Optional.of(json("{\"n\": 3}")),
                  "hook:a"));
      assertThat(effects(step, Effect.InvokeTool.class).getFirst().arguments())
          .isEqualTo(json("{\"n\": 3}"));
    }

    @Test
    void fails_its_turn_where_a_hook_gives_arguments_that_the_tool_does_not_take() {
      rig.calls("look {}");
      Step step = says(rig.call(0), changing("{\"bad\": 1}"));

      TurnFailed end = event(step, TurnFailed.class);
      assertThat(end.error().code()).isEqualTo("hook_failed");
      assertThat(end.error().message()).contains("'a'").contains("'look'").contains("bad");
      assertThat(names(step)).doesNotContain("tool.started").contains("tool.cancelled");
    }

    @Test
    void is_denied_and_the_model_is_told_when_a_hook_objects() {
      rig.calls("look {}");
      Step step = says(rig.call(0), new ToolCheck.Denied("no"));

      assertThat(event(step, ToolDenied.class).reason()).contains("no");
      assertThat(effects(step, Effect.CallModel.class)).hasSize(1);
    }

    @Test
    void fails_its_turn_once_all_that_runs_has_stopped_when_a_hook_breaks() {
      rig.calls("look {}", "look {}");
      InvocationId first = rig.call(0);
      says(first, PASSED);
      Step breaks = says(rig.call(1), new ToolCheck.Broke(BROKEN));

      assertThat(names(breaks)).containsExactly("tool.cancelled");
      assertThat(effects(breaks, Effect.StopTool.class)).hasSize(1);
      Step stops = rig.give(new Input.ToolEnded(first, 1, new Input.ToolOutcome.Stopped(true)));
      assertThat(event(stops, TurnFailed.class).error()).isEqualTo(BROKEN);
    }

    @Test
    void is_cancelled_with_its_turn_at_once() {
      rig.calls("look {}");
      InvocationId call = rig.call(0);
      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.Cancel(
                      id, CoreRig.ID, Optional.empty(), Optional.empty(), OptionalLong.empty()));

      assertThat(names(step)).contains("tool.cancelled", "turn.cancelled");
      assertThat(effects(step, Effect.Abandon.class))
          .containsExactly(new Effect.Abandon(call.value()));
      assertThat(says(call, PASSED).rows()).isEmpty();
    }

    @Test
    void hears_the_first_answer_only() {
      rig.calls("look {}");
      InvocationId call = rig.call(0);
      says(call, PASSED);

      assertThat(says(call, PASSED).rows()).isEmpty();
      assertThat(says(call, new ToolCheck.Broke(BROKEN)).rows()).isEmpty();
    }

    @Test
    void fails_where_its_tool_is_gone_by_then() {
      rig.calls("look {}");
      rig.gone = "look";

      assertThat(names(says(rig.call(0), PASSED))).startsWith("tool.failed");
    }

    @Test
    void is_asked_about_again_after_a_crash_and_nothing_is_written() {
      rig.calls("look {}");
      Step step = rig.restart();

      assertThat(step.rows()).isEmpty();
      assertThat(effects(step, Effect.CheckTool.class)).hasSize(1);
    }

    @Test
    void starts_after_a_crash_where_there_are_no_hooks_any_more() {
      rig.calls("look {}");
      rig.hooks = false;

      assertThat(names(rig.restart())).containsExactly("tool.started");
    }
  }

  @Nested
  class ACallThatPeopleAllow {
    @Test
    void is_asked_about_then_and_with_their_arguments() {
      Step asks = rig.calls("send {}");
      assertThat(effects(asks, Effect.CheckTool.class)).isEmpty();

      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.ToolDecide(
                      id,
                      CoreRig.ID,
                      rig.call(0),
                      Decision.APPROVE,
                      Optional.of(json("{\"n\": 4}")),
                      Optional.empty()));
      assertThat(names(step)).containsExactly("tool.approved");
      assertThat(effects(step, Effect.CheckTool.class).getFirst().arguments())
          .isEqualTo(json("{\"n\": 4}"));
      assertThat(rig.status().pending()).isEmpty();
      assertThat(names(says(rig.call(0), PASSED))).containsExactly("tool.started");
    }

    @Test
    void is_asked_about_again_after_a_crash_though_nobody_is_asked_twice() {
      rig.calls("send {}");
      rig.command(
          "ada",
          id ->
              new Command.ToolDecide(
                  id,
                  CoreRig.ID,
                  rig.call(0),
                  Decision.APPROVE,
                  Optional.empty(),
                  Optional.empty()));
      Step step = rig.restart();

      assertThat(effects(step, Effect.CheckTool.class)).hasSize(1);
      assertThat(rig.status().pending()).isEmpty();
    }
  }

  @Nested
  class AResultOnWhichAHookBreaks {
    @Test
    void fails_call_and_turn() {
      rig.calls("look {}");
      InvocationId call = rig.call(0);
      says(call, PASSED);
      Step step = rig.give(new Input.ToolEnded(call, 1, new Input.ToolOutcome.HookBroke(BROKEN)));

      assertThat(names(step)).startsWith("tool.failed").endsWith("turn.failed");
      assertThat(event(step, TurnFailed.class).error()).isEqualTo(BROKEN);
      assertThat(effects(step, Effect.CallModel.class)).isEmpty();
    }

    @Test
    void does_not_change_how_a_turn_ends_that_is_to_end_already() {
      rig.calls("look {}");
      InvocationId call = rig.call(0);
      says(call, PASSED);
      rig.command(
          "ada",
          id ->
              new Command.Cancel(
                  id, CoreRig.ID, Optional.empty(), Optional.empty(), OptionalLong.empty()));
      Step step = rig.give(new Input.ToolEnded(call, 1, new Input.ToolOutcome.HookBroke(BROKEN)));

      assertThat(names(step)).containsExactly("tool.failed", "turn.cancelled");
    }
  }
}
