package dev.kantele.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every {@link ModelProvider} must do. A subclass offers the provider and three kinds of
 * requests; the vendor behind it may be {@link dev.kantele.testkit.provider.FakeProvider}, or any
 * double.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModelProviderContract {
  private static final int LIMIT_SECONDS = 30;

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "contract");

  /** For subclasses. */
  protected ModelProviderContract() {}

  /** The provider under test. */
  protected abstract ModelProvider provider();

  /** A request that is answered by text and at least one tool call. */
  protected abstract ModelRequest answered();

  /** A request whose stream fails. */
  protected abstract ModelRequest failing();

  /** A request whose answer has thousands of elements, or no end at all. */
  protected abstract ModelRequest endless();

  /** Completes when nothing that a call held is held any more after its cancel. */
  protected CompletionStage<?> released() {
    return CompletableFuture.completedStage(null);
  }

  /** Returns a request of {@code model} with one text of a user, and these tools. */
  protected static ModelRequest request(String model, String text, ToolSpec... tools) {
    return new ModelRequest(
        new SessionId("contract"),
        new TurnId("turn"),
        new StreamId("stream"),
        /* attempt= */ 1,
        model,
        Optional.empty(),
        List.of(Message.of(Role.USER, List.of(new Part.Text(text)))),
        List.of(tools),
        Optional.empty(),
        Optional.empty());
  }

  @AfterAll
  final void stopSystem() {
    system.terminate();
  }

  @Test
  final void its_name_can_stand_before_the_slash_of_a_reference() {
    assertThat(provider().name()).isNotEmpty().doesNotContain("/");
  }

  @Test
  final void it_has_the_models_that_it_lists() {
    assertThat(provider().models()).allMatch(provider()::has);
  }

  @Test
  final void an_answer_ends_with_one_finish() {
    List<ModelEvent> events = events(answered());

    assertThat(events).last().isInstanceOf(ModelEvent.Finished.class);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(ModelProviderContract::isTerminal);
  }

  @Test
  final void a_failure_is_the_last_element_and_not_an_exception() {
    List<ModelEvent> events = events(failing());

    assertThat(events).last().isInstanceOf(ModelEvent.Failed.class);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(ModelProviderContract::isTerminal);
  }

  @Test
  final void parts_are_numbered_from_0_in_the_order_in_which_they_begin() {
    int next = 0;
    for (ModelEvent event : events(answered())) {
      int part = partOf(event);
      assertThat(part).isLessThanOrEqualTo(next);
      next = Math.max(next, part + 1);
    }
    assertThat(next).isGreaterThan(1);
  }

  @Test
  final void a_tool_call_begins_before_its_arguments() {
    var begun = new HashSet<Integer>();
    for (ModelEvent event : events(answered())) {
      if (event instanceof ModelEvent.ToolCallStarted(int part, _)) {
        assertThat(begun.add(part)).isTrue();
      }
      if (event instanceof ModelEvent.ToolCallDelta(int part, _)) {
        assertThat(begun).contains(part);
      }
    }
    assertThat(begun).isNotEmpty();
  }

  @Test
  final void a_source_can_be_run_again() {
    var source = provider().stream(answered());

    List<ModelEvent> first = get(source.runWith(Sink.seq(), system));

    assertThat(get(source.runWith(Sink.seq(), system))).isEqualTo(first);
  }

  @Test
  final void no_element_is_made_without_demand() {
    var made = new AtomicLong();
    var running =
        provider().stream(endless())
            .map(
                event -> {
                  made.incrementAndGet();
                  return event;
                })
            .watchTermination(Keep.right())
            .toMat(
                Sink.<ModelEvent>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
            .run(system);
    SinkQueueWithCancel<ModelEvent> queue = running.second();

    get(queue.pull());
    get(queue.pull());
    queue.cancel();
    get(running.first());

    /* Two were pulled, and the sink asks for a few more to fill its buffer. */
    assertThat(made).hasValueLessThanOrEqualTo(5);
  }

  @Test
  final void a_cancel_stops_it() {
    var done =
        provider().stream(endless())
            .watchTermination(Keep.right())
            .take(3)
            .toMat(Sink.ignore(), Keep.left())
            .run(system);

    get(done);
    get(released());
  }

  /** In which sources run. */
  final ActorSystem<Void> system() {
    return system;
  }

  private List<ModelEvent> events(ModelRequest request) {
    return events(provider(), request);
  }

  final List<ModelEvent> events(ModelProvider called, ModelRequest request) {
    return get(run(called, request));
  }

  final CompletionStage<List<ModelEvent>> run(ModelProvider called, ModelRequest request) {
    return called.stream(request).runWith(Sink.seq(), system);
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  private static boolean isTerminal(ModelEvent event) {
    return event instanceof ModelEvent.Finished || event instanceof ModelEvent.Failed;
  }

  private static int partOf(ModelEvent event) {
    return switch (event) {
      case ModelEvent.TextDelta(int part, _) -> part;
      case ModelEvent.ReasoningDelta(int part, _) -> part;
      case ModelEvent.ReasoningSigned(int part, _) -> part;
      case ModelEvent.ToolCallStarted(int part, _) -> part;
      case ModelEvent.ToolCallDelta(int part, _) -> part;
      case ModelEvent.Finished _, ModelEvent.Failed _ -> -1;
    };
  }
}
