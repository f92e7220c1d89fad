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

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.hook.AfterTool;
import dev.kantele.runtime.hook.BeforeTool;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.hook.ToolUse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class ToolHooksTest {
  private static final TestHook FIRST = new TestHook("first");
  private static final TestHook SECOND = new TestHook("second");
  private static final TestKantele NODE =
      TestKantele.start("", new TestKantele.Parts(FIRST, SECOND));

  private static final String SEND = NODE.model.script("calls-send", BrokenHooks.CALLS_SEND);

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  @Nested
  class BeforeAToolCall {
    @Test
    void a_change_is_in_the_log_before_the_tool_runs_with_it() {
      FIRST.onBeforeTool(session, _ -> completedStage(new BeforeTool.Change(json("{\"to\": 2}"))));
      SECOND.onBeforeTool(
          session,
          use ->
              completedStage(
                  new BeforeTool.Change(
                      json("{\"to\": %d}".formatted(use.arguments().path("to").asInt() * 10)))));
      session.prompt(prompt(session, SEND));
      TestTool.Run run = NODE.send.next(session.id());

      assertThat(run.call.arguments()).isEqualTo(json("{\"to\": 20}"));
      run.result.complete(json("true"));
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolApproved.class))
          .extracting(ToolApproved::by)
          .containsExactly("hook:first", "hook:second");
      assertThat(subscriber.seen(ToolApproved.class).getLast().arguments())
          .contains(json("{\"to\": 20}"));
    }

    @Test
    void what_a_hook_does_to_its_copy_of_the_arguments_changes_nothing() {
      FIRST.onBeforeTool(
          session,
          use -> {
            ((ObjectNode) use.arguments()).put("to", 9);
            return completedStage(new BeforeTool.Proceed());
          });
      session.prompt(prompt(session, SEND));

      assertThat(NODE.send.next(session.id()).call.arguments()).isEqualTo(json("{\"to\": 1}"));
    }

    @Test
    void a_veto_denies_the_call_and_the_turn_goes_on() {
      FIRST.onBeforeTool(session, _ -> completedStage(new BeforeTool.Veto("not on Sundays")));
      session.prompt(prompt(session, SEND));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolDenied.class))
          .extracting(ToolDenied::reason)
          .containsExactly(Optional.of("not on Sundays"));
      assertThat(subscriber.seen(ToolStarted.class)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kantele.runtime.BrokenHooks#broken")
    void a_hook_that_breaks_ends_the_turn(String what, Supplier<CompletionStage<?>> broken) {
      FIRST.onBeforeTool(session, _ -> answer(broken));
      session.prompt(prompt(session, SEND));

      assertThatTheTurnFailsFor(subscriber, "first", "before a call of the tool 'send'");
      assertThat(subscriber.seen(ToolStarted.class)).isEmpty();
      assertThat(subscriber.seen(ToolCancelled.class)).hasSize(1);
    }

    @Test
    void a_silent_hook_does_not_hold_up_a_cancel() {
      var asked = new CompletableFuture<Void>();
      FIRST.onBeforeTool(
          session,
          _ -> {
            asked.complete(null);
            return new CompletableFuture<>();
          });
      session.prompt(prompt(session, SEND));
      get(asked);
      ack(session.submit(cancel(session)));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      assertThat(subscriber.seen(ToolStarted.class)).isEmpty();
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void a_hook_that_was_asked_when_the_node_stopped_is_asked_again(@TempDir Path folder) {
      var hook = new TestHook("gate");
      var parts = new TestKantele.Parts(hook);
      String model = parts.model.script("calls-send", BrokenHooks.CALLS_SEND);
      BlockingQueue<ToolUse> asked = new LinkedBlockingQueue<>();
      ToolUse before;
      try (TestKantele node = TestKantele.start(folder, "", parts)) {
        Session stopped = node.kantele.open("stopped");
        hook.onBeforeTool(
            stopped,
            use -> {
              asked.add(use);
              return new CompletableFuture<>();
            });
        stopped.prompt(prompt(stopped, model));
        before = TestKantele.take(asked, "the hook was not asked");
        hook.onBeforeTool(
            stopped,
            use -> {
              asked.add(use);
              return completedStage(new BeforeTool.Proceed());
            });
      }
      try (TestKantele node = TestKantele.start(folder, "", parts)) {
        TestTool.Run run = node.send.next(before.session());
        run.result.complete(json("true"));

        Subscriber reader = Subscriber.of(node.kantele.open("stopped"));
        assertThat(reader.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
        assertThat(TestKantele.take(asked, "the hook was not asked again")).isEqualTo(before);
        assertThat(reader.seen(ToolStarted.class))
            .extracting(ToolStarted::attempt)
            .containsExactly(1);
      }
    }
  }

  @Nested
  class AfterAToolCall {
    @Test
    void the_last_change_is_what_the_log_and_the_model_see() {
      SECOND.onAfterTool(
          session,
          (_, result) ->
              completedStage(
                  new AfterTool.Change(
                      new ToolResult.Output(
                          json("[" + ((ToolResult.Output) result).value() + "]")))));
      FIRST.onAfterTool(
          session,
          (use, result) ->
              completedStage(
                  new AfterTool.Change(
                      new ToolResult.Output(
                          json(
                              "{\"%s\": %s}"
                                  .formatted(use.tool(), ((ToolResult.Output) result).value()))))));
      NODE.send.answer(session.id(), "7");
      session.prompt(prompt(session, SEND));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolCompleted.class))
          .extracting(ToolCompleted::output)
          .containsExactly(json("{\"send\": [7]}"));
    }

    @Test
    void an_output_may_become_an_error_and_an_error_an_output() {
      var no = new Failure("secret", "this is not for you", false);
      FIRST.onAfterTool(
          session, (_, _) -> completedStage(new AfterTool.Change(new ToolResult.Failed(no))));
      NODE.send.answer(session.id(), "7");
      session.prompt(prompt(session, SEND));
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolFailed.class))
          .extracting(ToolFailed::error)
          .containsExactly(no);

      FIRST.onAfterTool(
          session,
          (_, result) ->
              completedStage(
                  new AfterTool.Change(
                      new ToolResult.Output(
                          json("\"" + ((ToolResult.Failed) result).failure().code() + "\"")))));
      NODE.send.onStart(
          session.id(),
          (call, output) -> {
            var run = new TestTool.Run(call, output);
            run.result.completeExceptionally(new IllegalStateException("injected"));
            return run;
          });
      session.prompt(prompt(session, SEND));
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolCompleted.class))
          .extracting(ToolCompleted::output)
          .containsExactly(json("\"tool_failed\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kantele.runtime.BrokenHooks#broken")
    void a_hook_that_breaks_ends_call_and_turn(String what, Supplier<CompletionStage<?>> broken) {
      SECOND.onAfterTool(session, (_, _) -> answer(broken));
      NODE.send.answer(session.id(), "7");
      session.prompt(prompt(session, SEND));

      assertThatTheTurnFailsFor(subscriber, "second", "after a call of the tool 'send'");
      assertThat(subscriber.seen(ToolFailed.class))
          .extracting(end -> end.error().code())
          .containsExactly("hook_failed");
    }

    @Test
    void a_silent_hook_does_not_hold_up_a_cancel() {
      var asked = new CompletableFuture<Void>();
      FIRST.onAfterTool(
          session,
          (_, _) -> {
            asked.complete(null);
            return new CompletableFuture<>();
          });
      NODE.send.answer(session.id(), "7");
      session.prompt(prompt(session, SEND));
      get(asked);
      ack(session.submit(cancel(session)));

      var end = (TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(end.abandoned()).isEmpty();
      assertThat(subscriber.seen(ToolCompleted.class)).isEmpty();
    }
  }
}
