package dev.kantele.runtime;

import static dev.kantele.runtime.BrokenHooks.answer;
import static dev.kantele.runtime.BrokenHooks.assertThatTheTurnFailsFor;
import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestTool.json;
import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.hook.AfterModel;
import dev.kantele.runtime.hook.BeforeModel;
import dev.kantele.runtime.hook.ModelReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class HooksTest {
  private static final TestHook FIRST = new TestHook("first");
  private static final TestHook SECOND = new TestHook("second");
  private static final TestKantele NODE =
      TestKantele.start("", new TestKantele.Parts(FIRST, SECOND));

  private static final String SEND = NODE.model.script("calls-send", BrokenHooks.CALLS_SEND);
  private static final String TALK =
      NODE.model.script(
          "talks",
          """
          - reply:
              - reason: "Hm."
              - say: "Well."
          """);

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  @Nested
  class BeforeAModelCall {
    @Test
    void each_hook_sees_the_changes_of_those_before_it_and_the_model_sees_all() {
      var calls = NODE.model.byHand("hooked-" + session.id());
      FIRST.onBeforeModel(
          session,
          call ->
              completedStage(
                  BeforeModel.Change.of(call.request())
                      .withInstructions("Be kind.")
                      .withParams(json("{\"top_p\": 1}"))));
      SECOND.onBeforeModel(
          session,
          call ->
              completedStage(
                  BeforeModel.Change.of(call.request())
                      .withInstructions(call.request().instructions().orElseThrow() + " Be brief.")
                      .withTools(call.request().tools().subList(0, 1))
                      .withTranscript(List.of())));
      session.prompt(prompt(session, calls.model));
      var call = calls.next();

      assertThat(call.request().instructions()).contains("Be kind. Be brief.");
      assertThat(call.request().params()).contains(json("{\"top_p\": 1}"));
      assertThat(call.request().tools()).hasSize(1);
      assertThat(call.request().transcript()).isEmpty();
      call.finish();
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
    }

    @Test
    void a_hook_is_told_which_call_it_is() {
      var seen = new CompletableFuture<String>();
      FIRST.onBeforeModel(
          session,
          call -> {
            seen.complete(
                String.join(
                    " ",
                    call.agent(),
                    call.provider(),
                    call.request().model(),
                    call.request().session().value(),
                    "#" + call.request().attempt()));
            return completedStage(new BeforeModel.Proceed());
          });
      session.prompt(prompt(session, TALK));

      assertThat(get(seen)).isEqualTo("tester test talks " + session.id() + " #1");
    }

    @Test
    void a_veto_fails_the_turn_and_no_other_hook_is_asked() {
      FIRST.onBeforeModel(session, _ -> completedStage(new BeforeModel.Veto("not today")));
      SECOND.onBeforeModel(session, _ -> failedStage(new AssertionError("asked")));
      session.prompt(prompt(session, TALK));

      var end = (TurnFailed) subscriber.awaitTurnEnd();
      assertThat(end.error()).isEqualTo(new Failure("vetoed", "not today", false));
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(StreamFailed::willRetry)
          .containsExactly(false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kantele.runtime.BrokenHooks#broken")
    void a_hook_that_breaks_ends_the_turn(String what, Supplier<CompletionStage<?>> broken) {
      SECOND.onBeforeModel(session, _ -> answer(broken));
      session.prompt(prompt(session, TALK));

      assertThatTheTurnFailsFor(subscriber, "second", "before a call of the model");
    }

    @Test
    void what_a_hook_threw_is_logged_under_the_id_that_the_client_has() {
      try (var log = CapturedLog.ofEverything()) {
        FIRST.onBeforeModel(session, _ -> failedStage(new IllegalStateException("injected")));
        session.prompt(prompt(session, TALK));
        String message = ((TurnFailed) subscriber.awaitTurnEnd()).error().message();
        String id = message.substring(message.indexOf("(error "));

        assertThat(log.lines()).anyMatch(line -> line.contains(id) && line.contains("injected"));
      }
    }

    @Test
    void a_silent_hook_does_not_hold_up_a_cancel() {
      var asked = new CompletableFuture<Void>();
      var pending = new CompletableFuture<BeforeModel>();
      FIRST.onBeforeModel(
          session,
          _ -> {
            asked.complete(null);
            return pending;
          });
      session.prompt(prompt(session, TALK));
      get(asked);
      ack(session.submit(cancel(session)));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      assertThat(pending)
          .failsWithin(Duration.ofSeconds(TestKantele.PATIENCE_SECONDS))
          .withThrowableThat()
          .isInstanceOf(CancellationException.class);
    }
  }

  @Nested
  class AfterAModelCall {
    @Test
    void the_hooks_see_what_the_log_will_say_in_opposite_order() {
      BlockingQueue<String> order = new LinkedBlockingQueue<>();
      var seen = new CompletableFuture<ModelReply>();
      FIRST.onAfterModel(
          session,
          (_, reply) -> {
            order.add("first");
            seen.complete(reply);
            return completedStage(new AfterModel.Proceed());
          });
      SECOND.onAfterModel(
          session,
          (_, _) -> {
            order.add("second");
            return completedStage(new AfterModel.Proceed());
          });
      session.prompt(prompt(session, TALK));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      StreamCompleted end = subscriber.seen(StreamCompleted.class).getFirst();
      assertThat(get(seen))
          .isEqualTo(new ModelReply(end.message(), end.usage(), end.finishReason()));
      assertThat(order).containsExactly("second", "first");
    }

    @Test
    void a_hook_sees_the_tools_that_the_model_asks_for() {
      var seen = new CompletableFuture<ModelReply>();
      FIRST.onAfterModel(
          session,
          (_, reply) -> {
            seen.complete(reply);
            return completedStage(new AfterModel.Proceed());
          });
      NODE.send.answer(session.id(), "1");
      session.prompt(prompt(session, SEND));

      subscriber.awaitTurnEnd();
      ToolRequested asked = subscriber.seen(ToolRequested.class).getFirst();
      assertThat(get(seen).reason()).isEqualTo(FinishReason.TOOL_CALLS);
      assertThat(get(seen).message().content())
          .containsExactly(
              new Part.ToolCall(asked.invocation(), "send", asked.arguments().orElseThrow()));
    }

    @Test
    void a_veto_may_have_the_model_called_again_as_often_as_the_agent_allows() {
      FIRST.onAfterModel(session, (_, _) -> completedStage(new AfterModel.Veto("too rude", true)));
      session.prompt(prompt(session, TALK));

      var end = (TurnFailed) subscriber.awaitTurnEnd();
      assertThat(end.error()).isEqualTo(new Failure("vetoed", "too rude", true));
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(StreamFailed::willRetry)
          .containsExactly(true, true, false);
    }

    @Test
    void the_tokens_of_a_vetoed_reply_are_used_all_the_same() {
      String costly =
          NODE.model.script(
              "costs",
              """
              - reply:
                  - say: "Well."
                  - usage: {input: 7, output: 3}
              """);
      FIRST.onAfterModel(session, (_, _) -> completedStage(new AfterModel.Veto("no", true)));
      session.prompt(prompt(session, costly));

      assertThat(((TurnFailed) subscriber.awaitTurnEnd()).usage()).isEqualTo(new Usage(21, 9, 0));
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(StreamFailed::usage)
          .containsOnly(Optional.of(new Usage(7, 3, 0)));
    }

    @Test
    void a_veto_for_good_fails_the_turn_and_no_tool_runs() {
      SECOND.onAfterModel(session, (_, _) -> completedStage(new AfterModel.Veto("no", false)));
      session.prompt(prompt(session, SEND));

      assertThat(((TurnFailed) subscriber.awaitTurnEnd()).error().code()).isEqualTo("vetoed");
      assertThat(subscriber.seen(StreamFailed.class)).hasSize(1);
      assertThat(subscriber.seen(ToolRequested.class)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kantele.runtime.BrokenHooks#broken")
    void a_hook_that_breaks_ends_the_turn(String what, Supplier<CompletionStage<?>> broken) {
      FIRST.onAfterModel(session, (_, _) -> answer(broken));
      session.prompt(prompt(session, TALK));

      assertThatTheTurnFailsFor(subscriber, "first", "after a call of the model");
    }
  }

  @Nested
  class AnAsynchronousHook {
    @Test
    void may_answer_when_it_likes_and_from_any_thread() {
      var answer = new CompletableFuture<BeforeModel>();
      var asked = new CompletableFuture<Void>();
      FIRST.onBeforeModel(
          session,
          _ -> {
            asked.complete(null);
            return answer;
          });
      session.prompt(prompt(session, TALK));
      get(asked);

      Thread.ofVirtual().start(() -> answer.complete(new BeforeModel.Proceed()));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
    }

    @Test
    void is_told_of_a_cancel_after_a_model_call_too() {
      var answer = new CompletableFuture<AfterModel>();
      var asked = new CompletableFuture<Void>();
      SECOND.onAfterModel(
          session,
          (_, _) -> {
            asked.complete(null);
            return answer;
          });
      session.prompt(prompt(session, TALK));
      get(asked);
      ack(session.submit(cancel(session)));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      assertThat(subscriber.open()).isEmpty();
      boolean told = get(answer.handle((_, _) -> answer.isCancelled()));
      assertThat(told).isTrue();
    }
  }

  @Nested
  class TheTimeLimit {
    @Test
    void ends_the_turn_and_interrupts_the_hook() {
      var hook = new TestHook("sleepy");
      var interrupted = new CompletableFuture<Void>();
      try (TestKantele node =
          TestKantele.start("kantele.hooks.timeout = 20ms", new TestKantele.Parts(hook))) {
        Session slow = node.open();
        hook.onBeforeModel(
            slow,
            _ -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.complete(null);
              }
              return completedStage(new BeforeModel.Proceed());
            });
        Subscriber reader = Subscriber.of(slow);
        slow.prompt(prompt(slow, node.model.script("talks", "- reply:\n    - say: Well.\n")));

        assertThat(((TurnFailed) reader.awaitTurnEnd()).error().message())
            .contains("the hook 'sleepy' did not answer within 20 ms before a call of the model");
        get(interrupted);
      }
    }
  }

  @Nested
  class Registration {
    @Test
    void takes_no_two_hooks_of_one_name() {
      assertThatThrownBy(
              () ->
                  TestKantele.start(
                      "", new TestKantele.Parts(new TestHook("twin"), new TestHook("twin"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'twin' is there twice");
    }

    @Test
    void takes_no_name_that_an_event_could_not_show() {
      assertThatThrownBy(
              () -> TestKantele.start("", new TestKantele.Parts(new TestHook("two words"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("two words");
    }
  }
}
