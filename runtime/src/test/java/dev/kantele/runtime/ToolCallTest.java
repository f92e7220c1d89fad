package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestKantele.rows;
import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.ToolTimedOut;
import dev.kantele.protocol.EventBody.ToolUnknown;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Progress;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.tool.Reconciliation;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolRun;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class ToolCallTest {
  private static final TestKantele NODE = TestKantele.start();

  private static final String LOOK = calling("look");
  private static final String SEND = calling("send");
  private static final String PAY = calling("pay");
  private static final String HASTY = calling("hasty");

  /** A model that calls a tool and, when it knows the result, ends the turn. */
  private static String calling(String tool) {
    return NODE.model.script(
        "calls-" + tool,
        """
        - when: {call: 1}
          reply:
            - call: {tool: %s, arguments: {}}
        - reply:
            - say: "Done."
        """
            .formatted(tool));
  }

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  /** A run that ends, and is cancelled, as the stages say. */
  private record StagedRun(CompletionStage<JsonNode> result, CompletionStage<Boolean> cancel)
      implements ToolRun {
    static StagedRun ending(CompletionStage<JsonNode> result) {
      return new StagedRun(result, new CompletableFuture<>());
    }
  }

  private void assertThatTheTurnEnds() {
    assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
    assertThat(subscriber.open()).isEmpty();
  }

  @Nested
  class ARun {
    @Test
    void shows_its_output_and_progress_before_its_end() {
      session.prompt(prompt(session, LOOK));
      TestTool.Run run = NODE.look.next(session.id());
      var half = new Progress(OptionalDouble.of(1), OptionalDouble.of(2), Optional.of("half way"));

      run.output.chunk("one");
      assertThat(subscriber.await(ToolOutput.class).chunk()).contains("one");
      run.output.progress(half);
      assertThat(subscriber.await(ToolOutput.class).progress()).contains(half);
      run.output.chunk("two");
      run.result.complete(TestTool.json("\"seen\""));

      assertThat(subscriber.await(ToolOutput.class).chunk()).contains("two");
      assertThat(subscriber.await(ToolCompleted.class).output().asText()).isEqualTo("seen");
      assertThatTheTurnEnds();
    }

    @Test
    void that_floods_without_waiting_is_cut_at_what_may_wait_and_ends_all_the_same() {
      var refused = new AtomicInteger();
      NODE.look.onStart(
          session.id(),
          (_, output) -> {
            String piece = "x".repeat(1_000);
            for (int i = 0; i < 1_000; i++) {
              if (output.chunk(piece).toCompletableFuture().isCompletedExceptionally()) {
                refused.incrementAndGet();
              }
            }
            return StagedRun.ending(completedStage(TestTool.json("1")));
          });

      session.prompt(prompt(session, LOOK));

      assertThatTheTurnEnds();
      int shown =
          subscriber.seen(ToolOutput.class).stream()
              .mapToInt(output -> output.chunk().map(String::length).orElse(0))
              .sum();
      assertThat(shown).isEqualTo(1_000_000 - 1_000 * refused.get()).isLessThan(100_000);
    }

    @Test
    void that_waits_for_room_has_all_its_output_shown() {
      session.prompt(prompt(session, LOOK));
      TestTool.Run run = NODE.look.next(session.id());

      for (int i = 0; i < 5; i++) {
        get(run.output.chunk("y".repeat(40_000)));
      }
      run.result.complete(TestTool.json("1"));

      assertThatTheTurnEnds();
      assertThat(
              subscriber.seen(ToolOutput.class).stream()
                  .mapToInt(output -> output.chunk().orElseThrow().length())
                  .sum())
          .isEqualTo(200_000);
    }

    @Test
    void shows_nothing_after_its_end() {
      session.prompt(prompt(session, LOOK));
      TestTool.Run run = NODE.look.next(session.id());
      run.result.complete(TestTool.json("1"));
      subscriber.await(ToolCompleted.class);

      run.output.chunk("late");

      assertThatTheTurnEnds();
      assertThat(subscriber.seen(ToolOutput.class)).isEmpty();
    }
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // it returns nothing
  private static <T, E extends Throwable> T fault(E fault) throws E {
    throw fault;
  }

  @Nested
  class AToolThatBreaksItsWord {
    @SuppressWarnings("NullAway") // what a tool that is not checked for nulls may do
    static Stream<Arguments> broken() {
      return Stream.of(
          tool("throws", _ -> fault(new IllegalStateException("injected"))),
          tool("lacks a class", _ -> fault(new NoClassDefFoundError("injected"))),
          tool("gives nothing", _ -> null),
          tool("gives no result", _ -> new StagedRun(null, completedStage(true))),
          tool("ends with null", _ -> StagedRun.ending(completedStage(null))),
          tool("fails", _ -> StagedRun.ending(failedStage(new IllegalStateException("injected")))),
          tool(
              "fails by an error",
              _ -> StagedRun.ending(failedStage(new AssertionError("injected")))));
    }

    private static Arguments tool(String what, Function<ToolCall, ToolRun> start) {
      return arguments(what, start);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void fails_its_call_and_nothing_else(String what, Function<ToolCall, ToolRun> start) {
      NODE.look.onStart(session.id(), (call, _) -> start.apply(call));

      session.prompt(prompt(session, LOOK));

      Failure error = subscriber.await(ToolFailed.class).error();
      assertThat(error.code()).isEqualTo("tool_failed");
      assertThat(error.message()).doesNotContain("injected");
      assertThatTheTurnEnds();
      assertThat(subscriber.seen(ToolStarted.class)).hasSize(1);
    }

    @Test
    void and_says_so_has_its_sentence_in_the_log() {
      var failure = new Failure("no_sky", "There is no sky.", false);
      NODE.look.onStart(
          session.id(),
          (_, _) -> {
            throw new ToolException(failure);
          });
      session.prompt(prompt(session, LOOK));
      assertThat(subscriber.await(ToolFailed.class).error()).isEqualTo(failure);
      subscriber.awaitTurnEnd();

      NODE.look.onStart(
          session.id(), (_, _) -> StagedRun.ending(failedStage(new ToolException(failure))));
      session.prompt(prompt(session, LOOK));
      assertThat(subscriber.await(ToolFailed.class).error()).isEqualTo(failure);
      assertThatTheTurnEnds();
    }

    @SuppressWarnings("NullAway") // what a tool that is not checked for nulls may do
    static Stream<Arguments> uncancellable() {
      return Stream.of(
          cancelling("throws", () -> fault(new IllegalStateException())),
          cancelling("gives nothing", () -> null),
          cancelling("fails", () -> failedStage(new IllegalStateException())));
    }

    private static Arguments cancelling(String what, Supplier<CompletionStage<Boolean>> cancel) {
      return arguments(what, cancel);
    }

    @ParameterizedTest(name = "cancel {0}")
    @MethodSource("uncancellable")
    void when_it_is_cancelled_counts_as_stopped(
        String what, Supplier<CompletionStage<Boolean>> cancel) {
      NODE.look.onStart(
          session.id(),
          (_, _) ->
              new ToolRun() {
                @Override
                public CompletionStage<JsonNode> result() {
                  return new CompletableFuture<>();
                }

                @Override
                public CompletionStage<Boolean> cancel() {
                  return cancel.get();
                }
              });
      session.prompt(prompt(session, LOOK));
      subscriber.await(ToolStarted.class);

      ack(session.submit(cancel(session)));

      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).abandoned()).isEmpty();
      assertThat(subscriber.seen(ToolCancelled.class)).hasSize(1);
    }
  }

  @Nested
  class Cancel {
    @Test
    void ends_a_call_that_stops_when_asked() {
      session.prompt(prompt(session, SEND));
      TestTool.Run run = NODE.send.next(session.id());
      run.cancelled.complete(true);

      ack(session.submit(cancel(session)));

      subscriber.await(ToolCancelled.class);
      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).abandoned()).isEmpty();
      assertThat(run.cancelAsked).isDone();
    }

    @Test
    void leaves_an_unsafe_call_unknown_that_may_have_had_its_effect() {
      session.prompt(prompt(session, SEND));
      NODE.send.next(session.id()).cancelled.complete(false);

      ack(session.submit(cancel(session)));

      subscriber.await(ToolUnknown.class);
      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).abandoned()).isEmpty();
    }

    @Test
    void abandons_a_call_that_never_answers_at_the_deadline() {
      session.prompt(prompt(session, LOOK));
      TestTool.Run run = NODE.look.next(session.id());

      ack(session.submit(cancel(session)));

      var end = (TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(end.abandoned()).containsExactly(run.call.invocation());
      assertThat(subscriber.seen(ToolCancelled.class)).hasSize(1);
      assertThat(subscriber.open()).isEmpty();
      assertThat(run.cancelAsked).isDone();
    }

    @Test
    void takes_the_result_of_a_call_that_ends_before_the_deadline() {
      session.prompt(prompt(session, LOOK));
      TestTool.Run run = NODE.look.next(session.id());

      ack(session.submit(cancel(session)));
      run.result.complete(TestTool.json("\"after all\""));

      assertThat(subscriber.await(ToolCompleted.class).output().asText()).isEqualTo("after all");
      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).abandoned()).isEmpty();
    }

    @Test
    void shows_nothing_of_what_an_abandoned_call_says_later() {
      session.prompt(prompt(session, LOOK));
      TestTool.Run run = NODE.look.next(session.id());
      ack(session.submit(cancel(session)));
      subscriber.awaitTurnEnd();

      run.output.chunk("late");
      run.cancelled.complete(true);
      run.result.complete(TestTool.json("\"late\""));
      NODE.look.answer(session.id(), "\"in time\"");
      session.prompt(prompt(session, LOOK));

      assertThatTheTurnEnds();
      assertThat(subscriber.seen(ToolOutput.class)).isEmpty();
      assertThat(subscriber.seen(ToolCompleted.class))
          .extracting(end -> end.output().asText())
          .containsExactly("in time");
    }
  }

  @Nested
  class ATimeLimit {
    @Test
    void ends_a_call_that_stops_cleanly() {
      session.prompt(prompt(session, HASTY));
      TestTool.Run run = NODE.hasty.next(session.id());
      run.cancelled.complete(true);

      subscriber.await(ToolTimedOut.class);
      assertThatTheTurnEnds();
      assertThat(run.cancelAsked).isDone();
    }

    @Test
    void ends_a_call_that_does_not_stop_at_all() {
      session.prompt(prompt(session, HASTY));
      TestTool.Run run = NODE.hasty.next(session.id());

      subscriber.await(ToolTimedOut.class);
      run.result.complete(TestTool.json("\"late\""));
      assertThatTheTurnEnds();
      assertThat(subscriber.seen(ToolCompleted.class)).isEmpty();
    }
  }

  /** A call whose outcome was lost because the session failed while it ran. */
  @Nested
  class ALostCall {
    /** Runs the call up to the point where its session loses it. */
    private TestTool.Run lose(TestTool tool, String model) {
      session.prompt(prompt(session, model));
      TestTool.Run lost = tool.next(session.id());
      NODE.faults().fail(Operation.WRITE, rows(session), 1);
      return lost;
    }

    @Test
    void is_made_again_if_it_only_reads() {
      TestTool.Run lost = lose(NODE.look, LOOK);
      lost.result.complete(TestTool.json("\"lost\""));

      TestTool.Run again = NODE.look.next(session.id());
      again.result.complete(TestTool.json("\"again\""));

      assertThat(subscriber.await(ToolCompleted.class).output().asText()).isEqualTo("again");
      assertThat(again.call.effectId()).isEqualTo(lost.call.effectId());
      assertThat(again.call.attempt()).isEqualTo(2);
      assertThatTheTurnEnds();
    }

    @Test
    void is_cancelled_in_the_life_that_is_over() {
      TestTool.Run lost = lose(NODE.look, LOOK);
      session.prompt(prompt(session, LOOK));

      get(lost.cancelAsked);
      NODE.look.next(session.id()).result.complete(TestTool.json("1"));
      assertThatTheTurnEnds();
    }

    @Test
    void stays_unknown_if_it_is_unsafe() {
      TestTool.Run lost = lose(NODE.send, SEND);
      lost.result.complete(TestTool.json("\"lost\""));

      subscriber.await(ToolUnknown.class);
      assertThatTheTurnEnds();
      assertThat(subscriber.seen(ToolStarted.class)).hasSize(1);
    }

    @Test
    void is_not_made_again_if_the_tool_says_that_it_is_done() {
      NODE.pay.onReconcile(
          session.id(), _ -> completedStage(new Reconciliation.Done(TestTool.json("\"paid\""))));
      lose(NODE.pay, PAY).result.complete(TestTool.json("\"lost\""));

      assertThat(subscriber.await(ToolCompleted.class).output().asText()).isEqualTo("paid");
      assertThatTheTurnEnds();
    }

    @Test
    void is_made_again_and_can_be_cancelled_if_the_tool_says_that_it_is_not_done() {
      NODE.pay.onReconcile(session.id(), _ -> completedStage(new Reconciliation.NotDone()));
      lose(NODE.pay, PAY).result.complete(TestTool.json("\"lost\""));
      TestTool.Run again = NODE.pay.next(session.id());
      again.output.chunk("again");
      subscriber.await(ToolOutput.class);

      ack(session.submit(cancel(session)));

      get(again.cancelAsked);
      again.cancelled.complete(true);
      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).abandoned()).isEmpty();
      assertThat(subscriber.open()).isEmpty();
    }

    @SuppressWarnings("NullAway") // what a tool that is not checked for nulls may do
    static Stream<Arguments> speechless() {
      return Stream.of(
          tool("throws", _ -> fault(new IllegalStateException("injected"))),
          tool("lacks a class", _ -> fault(new NoClassDefFoundError("injected"))),
          tool("gives nothing", _ -> null),
          tool("answers null", _ -> completedStage(null)),
          tool("fails", _ -> failedStage(new IllegalStateException("injected"))));
    }

    private static Arguments tool(
        String what, Function<ToolCall, CompletionStage<Reconciliation>> reconcile) {
      return arguments(what, reconcile);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("speechless")
    void stays_unknown_if_the_tool_can_not_tell(
        String what, Function<ToolCall, CompletionStage<Reconciliation>> reconcile) {
      NODE.pay.onReconcile(session.id(), reconcile);
      lose(NODE.pay, PAY).result.complete(TestTool.json("\"lost\""));

      assertThat(subscriber.await(ToolUnknown.class).reason()).doesNotContain("injected");
      assertThatTheTurnEnds();
    }

    @Test
    void stays_unknown_if_the_turn_is_cancelled_before_the_tool_can_tell() {
      NODE.pay.onReconcile(session.id(), _ -> new CompletableFuture<>());
      lose(NODE.pay, PAY).result.complete(TestTool.json("\"lost\""));
      subscriber.await(
          event -> event.body() instanceof ToolStarted started && started.attempt() == 2);

      ack(session.submit(cancel(session)));

      subscriber.await(ToolUnknown.class);
      assertThat(((TurnCancelled) subscriber.awaitTurnEnd()).abandoned()).isEmpty();
    }
  }

  @Test
  void the_tools_of_a_turn_run_side_by_side() {
    String both =
        NODE.model.script(
            "calls-both",
            """
            - when: {call: 1}
              reply:
                - call: {tool: look, arguments: {}}
                - call: {tool: send, arguments: {}}
            - reply: [{say: "Done."}]
            """);
    session.prompt(prompt(session, both));
    TestTool.Run look = NODE.look.next(session.id());
    TestTool.Run send = NODE.send.next(session.id());

    send.result.complete(TestTool.json("2"));
    assertThat(subscriber.await(ToolCompleted.class).invocation())
        .isEqualTo(send.call.invocation());
    look.result.complete(TestTool.json("1"));

    assertThatTheTurnEnds();
    assertThat(subscriber.seen(EventBody.StreamStarted.class)).hasSize(2);
  }
}
