package dev.kantele.runtime;

import static dev.kantele.runtime.BrokenHooks.answer;
import static dev.kantele.runtime.BrokenHooks.assertThatTheTurnFailsFor;
import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestTool.json;
import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody.InputAnswered;
import dev.kantele.protocol.EventBody.InputRequested;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.hook.AfterTool;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.hook.ToolUse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hooks after tool calls that clients or people answer. */
@Timeout(60)
final class AnswerHooksTest {
  private static final TestHook FIRST = new TestHook("first");
  private static final TestHook SECOND = new TestHook("second");
  private static final TestKantele NODE =
      TestKantele.start(
          "kantele.agents.tester.tools = [look, ask_user]", new TestKantele.Parts(FIRST, SECOND));

  private static final String ASKS =
      NODE.model.script(
          "asks",
          """
          - when: {call: 1}
            reply:
              - call: {tool: ask_user, arguments: {question: "Which?"}}
          - reply:
              - say: "Done."
          """);
  private static final String CALLS_FETCH =
      """
      - when: {call: 1}
        reply:
          - call: {tool: fetch, arguments: {n: 1}}
      - reply:
          - say: "Done."
      """;
  private static final String FETCH = NODE.model.script("calls-fetch", CALLS_FETCH);

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  private static void register(Session session) {
    ack(
        session.submit(
            new Command.ToolRegister(
                Session.newCommand(),
                session.id(),
                OptionalLong.empty(),
                List.of(
                    new ToolDescription(
                        "fetch",
                        "Fetches it.",
                        json("{\"type\": \"object\"}"),
                        ToolEffect.READ_ONLY,
                        OptionalLong.empty())))));
  }

  private static Command.ToolResult result(Session session, InvocationId call, String output) {
    return new Command.ToolResult(
        Session.newCommand(), session.id(), call, Optional.of(json(output)), Optional.empty());
  }

  /** Has the model call fetch, and gives the result that a client gives. */
  private void fetches(String output) {
    register(session);
    session.prompt(prompt(session, FETCH));
    InvocationId call = subscriber.await(ToolStarted.class).invocation();
    ack(session.submit(result(session, call, output)));
  }

  private void answers(String content) {
    session.prompt(prompt(session, ASKS));
    InputRequested asked = subscriber.await(InputRequested.class);
    ack(
        session.submit(
            new Command.InputAnswer(
                Session.newCommand(),
                session.id(),
                asked.request(),
                Optional.of(json(content)),
                Optional.empty())));
  }

  private static AfterTool changed(ToolUse use, ToolResult result) {
    String shown = ((ToolResult.Output) result).value().toString();
    return new AfterTool.Change(
        new ToolResult.Output(json("{\"%s\": %s}".formatted(use.tool(), shown))));
  }

  @Nested
  class AClientsResult {
    @Test
    void is_changed_by_the_hooks_in_opposite_order() {
      FIRST.onAfterTool(session, (use, result) -> completedStage(changed(use, result)));
      SECOND.onAfterTool(
          session,
          (_, result) ->
              completedStage(
                  new AfterTool.Change(
                      new ToolResult.Output(
                          json("[" + ((ToolResult.Output) result).value() + "]")))));

      fetches("7");

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolCompleted.class))
          .extracting(ToolCompleted::output)
          .containsExactly(json("{\"fetch\": [7]}"));
    }

    @Test
    void tells_a_hook_what_was_called() {
      var asked = new CompletableFuture<ToolUse>();
      FIRST.onAfterTool(
          session,
          (use, _) -> {
            asked.complete(use);
            return completedStage(new AfterTool.Proceed());
          });

      fetches("7");

      ToolUse use = get(asked);
      assertThat(use.tool()).isEqualTo("fetch");
      assertThat(use.arguments()).isEqualTo(json("{\"n\": 1}"));
      assertThat(use.session()).isEqualTo(session.id());
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kantele.runtime.BrokenHooks#broken")
    void for_which_a_hook_breaks_ends_call_and_turn(
        String what, Supplier<CompletionStage<?>> broken) {
      SECOND.onAfterTool(session, (_, _) -> answer(broken));

      fetches("7");

      assertThatTheTurnFailsFor(subscriber, "second", "after a call of the tool 'fetch'");
      assertThat(subscriber.seen(ToolFailed.class))
          .extracting(end -> end.error().code())
          .containsExactly("hook_failed");
    }

    @Test
    void does_not_hold_up_a_cancel_while_a_hook_is_silent() {
      var asked = new CompletableFuture<Void>();
      FIRST.onAfterTool(
          session,
          (_, _) -> {
            asked.complete(null);
            return new CompletableFuture<>();
          });
      fetches("7");
      get(asked);
      ack(session.submit(cancel(session)));

      var end = (TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(end.abandoned()).isEmpty();
      assertThat(subscriber.seen(ToolCompleted.class)).isEmpty();
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void is_not_lost_when_the_node_stops_while_a_hook_thinks(@TempDir Path folder) {
      var hook = new TestHook("gate");
      var parts = new TestKantele.Parts(hook);
      String model = parts.model.script("calls-fetch", CALLS_FETCH);
      var asked = new CompletableFuture<Void>();
      SessionId id;
      try (TestKantele node = TestKantele.start(folder, "", parts)) {
        Session stopped = node.kantele.open("stopped");
        id = stopped.id();
        Subscriber reader = Subscriber.of(stopped);
        hook.onAfterTool(
            stopped,
            (_, _) -> {
              asked.complete(null);
              return new CompletableFuture<>();
            });
        register(stopped);
        stopped.prompt(prompt(stopped, model));
        InvocationId call = reader.await(ToolStarted.class).invocation();
        ack(stopped.submit(result(stopped, call, "7")));
        get(asked);
        hook.onAfterTool(stopped, (use, result) -> completedStage(changed(use, result)));
      }
      try (TestKantele node = TestKantele.start(folder, "", parts)) {
        Subscriber reader = Subscriber.of(node.kantele.open(id.value()));

        assertThat(reader.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
        assertThat(reader.seen(ToolCompleted.class))
            .extracting(ToolCompleted::output)
            .containsExactly(json("{\"fetch\": 7}"));
        assertThat(reader.seen(ToolStarted.class)).hasSize(1);
      }
    }
  }

  @Nested
  class APersonsAnswer {
    @Test
    void is_changed_for_the_model_and_stays_in_the_log_as_it_was() {
      FIRST.onAfterTool(session, (use, result) -> completedStage(changed(use, result)));

      answers("\"red\"");

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(InputAnswered.class))
          .extracting(InputAnswered::content)
          .containsExactly(Optional.of(json("\"red\"")));
      assertThat(subscriber.seen(ToolCompleted.class))
          .extracting(ToolCompleted::output)
          .containsExactly(json("{\"ask_user\": \"red\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kantele.runtime.BrokenHooks#broken")
    void for_which_a_hook_breaks_ends_call_and_turn(
        String what, Supplier<CompletionStage<?>> broken) {
      FIRST.onAfterTool(session, (_, _) -> answer(broken));

      answers("\"red\"");

      assertThatTheTurnFailsFor(subscriber, "first", "after a call of the tool 'ask_user'");
    }
  }
}
