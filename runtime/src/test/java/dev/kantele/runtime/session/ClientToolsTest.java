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
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClientToolsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final CoreRig rig = new CoreRig();

  private static ToolDescription tool(String name, ToolEffect effect) {
    return new ToolDescription(
        name,
        "Does it",
        json("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}}}"),
        effect,
        OptionalLong.of(LIMIT.toMillis()));
  }

  private Step register(String client, ToolDescription... tools) {
    long seq = rig.state.clients().of(CoreRig.key(client)).next();
    return rig.command(
        client,
        id -> new Command.ToolRegister(id, CoreRig.ID, OptionalLong.of(seq), List.of(tools)));
  }

  private Step progress(String client, InvocationId call) {
    return rig.command(
        client,
        id ->
            new Command.ToolProgress(id, CoreRig.ID, call, Optional.of("half"), Optional.empty()));
  }

  private static Command.ToolResult result(CommandId id, InvocationId call) {
    return new Command.ToolResult(id, CoreRig.ID, call, Optional.of(json("42")), Optional.empty());
  }

  private Step result(String client, InvocationId call) {
    return rig.command(client, id -> result(id, call));
  }

  private List<String> offered(Step step) {
    return effects(step, Effect.CallModel.class).getFirst().request().tools().stream()
        .map(ToolSpec::name)
        .toList();
  }

  @Nested
  class A_registration {
    @BeforeEach
    void begin() {
      rig.begin();
    }

    @Test
    void is_numbered_and_its_repetition_gets_the_same_reply() {
      var command =
          new Command.ToolRegister(
              new CommandId("r"),
              CoreRig.ID,
              OptionalLong.of(1),
              List.of(tool("fetch", ToolEffect.READ_ONLY)));

      Step step = rig.command("bea", command);
      rig.restart();
      Step again = rig.command("bea", command);

      assertThat(reply(step))
          .isEqualTo(new Reply.Ack(new CommandId("r"), false, new AckBody.ToolsRegistered(1, 2)));
      assertThat(reply(again))
          .isEqualTo(new Reply.Ack(new CommandId("r"), true, new AckBody.ToolsRegistered(1, 2)));
      assertThat(again.rows()).isEmpty();
    }

    @Test
    void is_offered_to_the_model_beside_the_agents_tools_after_a_restart_too() {
      register("bea", tool("fetch", ToolEffect.READ_ONLY));
      rig.calls("look {}");
      assertThat(offered(rig.completes(rig.call(0))))
          .containsExactly("look", "send", "ask_user", "fetch");

      assertThat(offered(rig.restart())).contains("fetch");
    }

    @Test
    void replaces_the_clients_earlier_one() {
      register("bea", tool("fetch", ToolEffect.READ_ONLY));
      register("bea", tool("store", ToolEffect.IDEMPOTENT));

      assertThat(rig.state.offers())
          .extracting(offer -> offer.tool().name())
          .containsExactly("store");
    }

    @Test
    void gets_a_name_that_another_client_has_given_up() {
      register("bea", tool("fetch", ToolEffect.READ_ONLY));
      register("bea");

      assertThat(reply(register("carl", tool("fetch", ToolEffect.UNSAFE))))
          .isInstanceOf(Reply.Ack.class);
    }

    @Test
    void of_a_name_that_is_taken_is_refused() {
      register("ada", tool("fetch", ToolEffect.READ_ONLY));

      for (String taken : List.of("look", "ask_user", "fetch")) {
        assertThat(nack(register("bea", tool(taken, ToolEffect.READ_ONLY))))
            .as(taken)
            .isEqualTo(ErrorCode.INVALID_ARGUMENT);
      }
      assertThat(
              nack(
                  register(
                      "bea",
                      tool("twice", ToolEffect.READ_ONLY),
                      tool("twice", ToolEffect.READ_ONLY))))
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void that_goes_beyond_a_bound_is_refused() {
      ToolDescription[] many =
          IntStream.range(0, ClientTools.MAX_TOOLS + 1)
              .mapToObj(i -> tool("t" + i, ToolEffect.READ_ONLY))
              .toArray(ToolDescription[]::new);
      var wordy =
          new ToolDescription(
              "wordy",
              "x".repeat(ClientTools.MAX_CHARACTERS + 1),
              json("{}"),
              ToolEffect.READ_ONLY,
              OptionalLong.empty());
      var patient =
          new ToolDescription(
              "patient", "x", json("{}"), ToolEffect.READ_ONLY, OptionalLong.of(3_600_001));
      var formless =
          new ToolDescription(
              "formless",
              "x",
              json("{\"type\":\"nothing\"}"),
              ToolEffect.READ_ONLY,
              OptionalLong.empty());

      assertThat(nack(register("bea", many))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(nack(register("bea", wordy))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(nack(register("bea", patient))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(nack(register("bea", formless))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(rig.state.offers()).isEmpty();
    }
  }

  @Nested
  class When_the_model_calls_it {
    @Test
    void it_starts_on_the_client_and_nothing_runs_here() {
      rig.begin();
      register("bea", tool("fetch", ToolEffect.READ_ONLY));

      Step step = rig.calls("fetch {\"n\":1}");

      assertThat(event(step, ToolRequested.class).executor()).isEqualTo(ToolExecutor.CLIENT);
      assertThat(names(step)).containsExactly("stream.completed", "tool.requested", "tool.started");
      assertThat(effects(step, Effect.InvokeTool.class)).isEmpty();
      assertThat(effects(step, Effect.StartTimer.class))
          .containsExactly(
              new Effect.StartTimer(new Timer.ClientLimit(rig.call(0)), rig.now.plus(LIMIT)));
    }

    @Test
    void with_arguments_that_do_not_fit_its_client_does_not_see_it() {
      rig.begin();
      register("bea", tool("fetch", ToolEffect.READ_ONLY));

      assertThat(names(rig.calls("fetch {\"n\":\"x\"}"))).contains("tool.failed");
    }

    @Test
    void the_policy_asks_as_for_any_tool() {
      rig.begin();
      register("bea", tool("fire", ToolEffect.UNSAFE));

      assertThat(names(rig.calls("fire {}"))).endsWith("tool.approval_required");
    }
  }

  @Nested
  class While_a_client_runs_it {
    private InvocationId call = new InvocationId("none-yet");

    private void start(ToolEffect effect) {
      rig.policy = ApprovalPolicy.allowingAll();
      rig.begin();
      register("bea", tool("fetch", effect));
      rig.calls("fetch {}");
      call = rig.call(0);
    }

    @Test
    void its_progress_is_live_output() {
      start(ToolEffect.READ_ONLY);

      Step step = progress("bea", call);

      assertThat(step.live())
          .containsExactly(
              new ToolOutput(CoreRig.TURN, call, Optional.of("half"), Optional.empty()));
      assertThat(reply(step)).isInstanceOf(Reply.Ack.class);
    }

    @Test
    void its_result_ends_the_call_once() {
      start(ToolEffect.READ_ONLY);

      Step step = rig.command("bea", result(new CommandId("res"), call));
      Step again = rig.command("bea", result(new CommandId("res"), call));

      assertThat(event(step, ToolCompleted.class).output()).isEqualTo(json("42"));
      assertThat(effects(step, Effect.CallModel.class)).hasSize(1);
      assertThat(effects(step, Effect.StopTimer.class))
          .contains(new Effect.StopTimer(new Timer.ClientLimit(call)));
      assertThat(reply(again))
          .isInstanceOfSatisfying(Reply.Ack.class, ack -> assertThat(ack.duplicate()).isTrue());
      assertThat(again.rows()).isEmpty();
      assertThat(nack(result("bea", call))).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void an_error_fails_the_call() {
      start(ToolEffect.READ_ONLY);

      Step step =
          rig.command(
              "bea",
              id ->
                  new Command.ToolResult(
                      id,
                      CoreRig.ID,
                      call,
                      Optional.empty(),
                      Optional.of(new Failure("broken", "It broke", false))));

      assertThat(names(step)).contains("tool.failed");
    }

    @Test
    void nobody_else_answers_for_it() {
      start(ToolEffect.READ_ONLY);

      assertThat(nack(result("ada", call))).isEqualTo(ErrorCode.FORBIDDEN);
      assertThat(nack(progress("ada", call))).isEqualTo(ErrorCode.FORBIDDEN);
      assertThat(nack(result("bea", new InvocationId("nothing"))))
          .isEqualTo(ErrorCode.INVOCATION_NOT_FOUND);
    }

    @Test
    void a_registration_anew_leaves_it_as_it_was_when_it_started() {
      start(ToolEffect.UNSAFE);
      register("bea");
      register("carl", tool("fetch", ToolEffect.READ_ONLY));

      assertThat(nack(result("carl", call))).isEqualTo(ErrorCode.FORBIDDEN);
      rig.pass(LIMIT);
      assertThat(names(rig.fires(new Timer.ClientLimit(call))))
          .containsExactly("tool.unknown", "stream.started");
      assertThat(nack(result("bea", call))).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void what_comes_after_its_turn_is_too_late() {
      start(ToolEffect.READ_ONLY);
      result("bea", call);
      rig.finishes(FinishReason.END);

      assertThat(nack(result("bea", call))).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void a_client_that_is_silent_for_the_limit_is_gone_and_so_are_its_tools() {
      start(ToolEffect.READ_ONLY);
      rig.pass(LIMIT);

      Step step = rig.fires(new Timer.ClientLimit(call));

      assertThat(names(step)).containsExactly("tool.timed_out", "stream.started");
      assertThat(offered(step)).doesNotContain("fetch");
      assertThat(rig.state.offers()).isEmpty();
      assertThat(nack(result("bea", call))).isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void a_client_that_gave_a_sign_of_life_keeps_its_tools_over_a_restart_too() {
      start(ToolEffect.UNSAFE);
      rig.command("bea", id -> new Command.SessionStatus(id, CoreRig.ID));
      rig.restart();
      rig.pass(LIMIT);

      Step step = rig.fires(new Timer.ClientLimit(call));

      assertThat(names(step)).containsExactly("tool.unknown", "stream.started");
      assertThat(offered(step)).contains("fetch");
    }

    @Test
    void a_restart_leaves_it_running_until_the_same_time() {
      start(ToolEffect.UNSAFE);
      rig.pass(Duration.ofSeconds(10));

      Step step = rig.restart();

      assertThat(names(step)).containsExactly("session.recovered");
      assertThat(effects(step, Effect.StartTimer.class))
          .contains(
              new Effect.StartTimer(
                  new Timer.ClientLimit(call), rig.now.plus(LIMIT).minusSeconds(10)));
      assertThat(names(result("bea", call))).contains("tool.completed");
    }

    @Test
    void a_cancel_of_the_turn_ends_it_at_once() {
      start(ToolEffect.READ_ONLY);

      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.Cancel(
                      id, CoreRig.ID, Optional.empty(), Optional.empty(), OptionalLong.empty()));

      assertThat(names(step)).containsExactly("tool.cancelled", "turn.cancelled");
    }

    @Test
    void a_cancel_does_not_say_that_an_unsafe_one_left_nothing_behind() {
      start(ToolEffect.UNSAFE);

      Step step =
          rig.command(
              "ada",
              id ->
                  new Command.Cancel(
                      id, CoreRig.ID, Optional.empty(), Optional.empty(), OptionalLong.empty()));

      assertThat(names(step)).containsExactly("tool.unknown", "turn.cancelled");
    }
  }
}
