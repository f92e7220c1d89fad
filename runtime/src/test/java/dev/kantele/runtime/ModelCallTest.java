package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.StreamCancelled;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelEvent.ReasoningDelta;
import dev.kantele.runtime.model.ModelEvent.ReasoningSigned;
import dev.kantele.runtime.model.ModelEvent.ToolCallDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class ModelCallTest {
  private static final TestKantele NODE =
      TestKantele.start(
          """
          kantele.agents.impatient = ${kantele.agents.tester}
          kantele.agents.impatient.limits.stream-idle = 50ms
          kantele.agents.brief = ${kantele.agents.tester}
          kantele.agents.brief.limits.wall-time = 58s
          kantele.agents.patient = ${kantele.agents.tester}
          kantele.agents.patient.limits.retry-delay = 1m
          """);

  private static final ModelEvent END = new ModelEvent.Finished(FinishReason.END, Usage.NONE);

  @AfterAll
  static void stop() {
    NODE.close();
  }

  private final Session session = NODE.open();
  private final Subscriber subscriber = Subscriber.of(session);

  private String model(Supplier<Source<ModelEvent, NotUsed>> stream) {
    return NODE.model.function("m-" + session.id(), _ -> stream.get());
  }

  private static ModelEvent text(int part, String text) {
    return new ModelEvent.TextDelta(part, text);
  }

  @Nested
  class AProviderThatBreaksItsWord {
    static Stream<Arguments> broken() {
      return Stream.of(
          provider(
              "throws",
              () -> {
                throw new IllegalStateException("injected");
              }),
          provider(
              "lacks a class",
              () -> {
                throw new NoClassDefFoundError("injected");
              }),
          provider("gives nothing", () -> null),
          provider("fails", () -> Source.failed(new IllegalStateException("injected"))),
          provider("fails by an error", () -> Source.failed(new AssertionError("injected"))),
          provider("ends without a finish", () -> Source.single(text(0, "a"))),
          provider("says null", () -> Source.from(Arrays.asList(text(0, "a"), null))),
          provider("can't be run", () -> Source.fromGraph(new Unrunnable())));
    }

    private static Arguments provider(String what, Supplier<Source<ModelEvent, NotUsed>> stream) {
      return arguments(what, stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void is_called_again_and_then_fails_the_turn(
        String what, Supplier<Source<ModelEvent, NotUsed>> stream) {
      session.prompt(prompt(session, model(stream)));

      var end = (TurnFailed) subscriber.awaitTurnEnd();
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(StreamFailed::willRetry)
          .containsExactly(true, true, false);
      assertThat(end.error().message()).doesNotContain("injected");
      assertThat(subscriber.open()).isEmpty();
    }

    static Stream<List<ModelEvent>> misnumbered() {
      return Stream.of(
          List.of(text(1, "a")),
          List.of(text(-1, "a")),
          List.of(text(0, "a"), text(2, "b")),
          List.of(text(0, "a"), new ReasoningDelta(0, "b")),
          List.of(text(0, "a"), new ToolCallStarted(0, "look")),
          List.of(new ToolCallStarted(0, "look"), text(0, "b")),
          List.of(new ToolCallStarted(0, "look"), new ToolCallStarted(0, "look")),
          List.of(new ToolCallDelta(0, "{}")),
          List.of(text(0, "a"), new ToolCallDelta(0, "{}")),
          List.of(new ReasoningSigned(1, "s")),
          List.of(text(0, "a"), new ReasoningSigned(0, "s")));
    }

    @ParameterizedTest
    @MethodSource("misnumbered")
    void has_no_part_in_the_log_that_is_out_of_order(List<ModelEvent> events) {
      String model = model(() -> Source.from(events).concat(Source.single(END)));

      session.prompt(prompt(session, model));

      assertThat(((TurnFailed) subscriber.awaitTurnEnd()).error().code())
          .isEqualTo("provider_error");
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void is_forgiven_once_it_keeps_it() {
      var calls = NODE.model.byHand("mended-" + session.id());
      session.prompt(prompt(session, calls.model));
      var first = calls.next();
      first.say("half a sen");
      assertThat(subscriber.await(TextDelta.class).text()).isEqualTo("half a sen");
      first.fail(new IllegalStateException("injected"));
      var second = calls.next();
      second.say("a sentence");
      second.finish();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(second.request().attempt()).isEqualTo(2);
      assertThat(subscriber.seen(StreamStarted.class).getLast().supersedes())
          .contains(first.request().stream());
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void is_left_alone_for_as_long_as_it_asks() {
      var asked = Duration.ofMillis(200);
      session.prompt(prompt(session, refusingOnce(asked)));

      Instant failed = subscriber.await(event -> event.body() instanceof StreamFailed).at();
      Instant again = subscriber.await(event -> event.body() instanceof StreamStarted).at();
      assertThat(Duration.between(failed, again)).isGreaterThanOrEqualTo(asked);
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
    }

    private String refusingOnce(Duration retryAfter) {
      var refused = new AtomicBoolean();
      return model(
          () -> refused.getAndSet(true) ? Source.single(END) : Source.single(busy(retryAfter)));
    }

    private static ModelEvent busy(Duration retryAfter) {
      return new ModelEvent.Failed(
          new Failure("rate_limited", "too many calls", true), Optional.of(retryAfter));
    }

    @Test
    void is_not_called_again_if_it_asks_for_more_than_the_agent_waits() {
      session.prompt(prompt(session, model(() -> Source.single(busy(Duration.ofSeconds(61))))));

      assertThat(((TurnFailed) subscriber.awaitTurnEnd()).error().code()).isEqualTo("rate_limited");
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(StreamFailed::willRetry)
          .containsExactly(false);
    }

    @Test
    void is_not_called_again_if_it_asks_for_more_than_is_left_of_the_turn() {
      var brief = NODE.kantele.open("brief", "brief");
      var events = Subscriber.of(brief);

      brief.prompt(prompt(brief, model(() -> Source.single(busy(Duration.ofSeconds(59))))));

      assertThat(((TurnFailed) events.awaitTurnEnd()).error().code()).isEqualTo("rate_limited");
      assertThat(events.seen(StreamStarted.class)).hasSize(1);
    }

    @Test
    void by_being_silent_for_too_long_is_called_again() {
      var impatient = NODE.kantele.open("impatient", "impatient");
      var events = Subscriber.of(impatient);

      impatient.prompt(prompt(impatient, model(Source::never)));

      assertThat(((TurnFailed) events.awaitTurnEnd()).error().code()).isEqualTo("timeout");
      assertThat(events.seen(StreamFailed.class)).hasSize(3);
    }
  }

  /** Fails when it is materialised, which takes the stream's actor with it. */
  private static final class Unrunnable extends GraphStage<SourceShape<ModelEvent>> {
    private final SourceShape<ModelEvent> shape = SourceShape.of(Outlet.create("out"));

    @Override
    public SourceShape<ModelEvent> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
      throw new IllegalStateException("injected");
    }
  }

  @Nested
  class Cancel {
    @Test
    void ends_a_call_that_never_answers_and_releases_it() {
      var calls = NODE.model.byHand("silent-" + session.id());
      session.prompt(prompt(session, calls.model));
      subscriber.await(StreamStarted.class);
      var call = calls.next();

      ack(session.submit(cancel(session)));

      var end = (TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(end.abandoned()).isEmpty();
      assertThat(subscriber.open()).isEmpty();
      get(call.ended());
    }

    @Test
    void keeps_what_was_said_and_shows_nothing_that_is_said_later() {
      var calls = NODE.model.byHand("late-" + session.id());
      session.prompt(prompt(session, calls.model));
      var call = calls.next();
      call.say("so far ");
      subscriber.await(TextDelta.class);

      ack(session.submit(cancel(session)));
      call.say("too late");
      call.finish();
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      session.prompt(prompt(session, model(() -> Source.single(END))));
      subscriber.awaitTurnEnd();

      assertThat(subscriber.seen(StreamCancelled.class))
          .extracting(stream -> stream.message().text())
          .containsExactly("so far ");
      assertThat(subscriber.seen(TextDelta.class))
          .extracting(TextDelta::text)
          .containsExactly("so far ");
    }

    @Test
    void does_not_wait_for_a_provider_that_blocks_its_thread() {
      var entered = new CountDownLatch(1);
      var blocked = new CountDownLatch(1);
      String model =
          model(
              () ->
                  Source.single(text(0, "a"))
                      .map(
                          event -> {
                            entered.countDown();
                            blocked.await();
                            return event;
                          }));
      session.prompt(prompt(session, model));
      await(entered);

      ack(session.submit(cancel(session)));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      assertThat(subscriber.open()).isEmpty();
      blocked.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void while_a_retry_waits_ends_the_turn_without_another_call() {
      var slow =
          NODE.model.function(
              "refused-" + session.id(),
              _ -> Source.single(new ModelEvent.Failed(new Failure("a", "b", true))));
      var patient = NODE.kantele.open("patient", "patient");
      var events = Subscriber.of(patient);
      patient.prompt(prompt(patient, slow));
      events.await(StreamFailed.class);

      ack(patient.submit(cancel(patient)));

      assertThat(events.awaitTurnEnd()).isInstanceOf(TurnCancelled.class);
      assertThat(events.seen(StreamStarted.class)).hasSize(1);
    }
  }

  @Nested
  class TheLog {
    @Test
    void has_what_the_model_says_piece_by_piece() {
      var calls = NODE.model.byHand("pieces-" + session.id());
      session.prompt(prompt(session, calls.model));
      var call = calls.next();
      for (String piece : List.of("One ", "two ", "three.")) {
        call.say(piece);
        assertThat(subscriber.await(TextDelta.class).text()).isEqualTo(piece);
      }
      call.finish();

      assertThat(subscriber.await(EventBody.StreamCompleted.class).message().text())
          .isEqualTo("One two three.");
      subscriber.awaitTurnEnd();
    }

    @Test
    void extends_its_reservation_for_a_stream_that_runs_long() {
      String model =
          NODE.model.script(
              "flood-" + session.id(), "- reply:\n  - flood: {deltas: 20000, bytes: 3}\n");

      session.prompt(prompt(session, model));

      assertThat(subscriber.await(EventBody.StreamCompleted.class).message().text())
          .hasSize(60_000);
      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.open()).isEmpty();
    }
  }
}
