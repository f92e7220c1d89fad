package dev.kantele.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every model provider must do. A subclass offers the provider and some requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModelProviderContract {
  private final ActorTestKit kit = ActorTestKit.create();
  private final Materializer materializer = Materializer.matFromSystem(kit.system());

  /** The provider under test. */
  protected abstract ModelProvider provider();

  /** A request that is answered by text and at least one tool call, in more than five elements. */
  protected abstract ModelRequest answered();

  /** A request whose stream fails. */
  protected abstract ModelRequest failing();

  /** A request whose answer has at least a million elements, or no end at all. */
  protected abstract ModelRequest endless();

  /** Completes when nothing that a call held is held any more after its cancel. */
  protected CompletableFuture<?> released() {
    return CompletableFuture.completedFuture(null);
  }

  @AfterAll
  final void stopSystem() {
    kit.shutdownTestKit();
  }

  @Test
  final void its_name_can_stand_before_the_slash_of_a_reference() {
    assertThat(provider().name()).isNotEmpty().doesNotContain("/");
  }

  @Test
  final void it_has_the_models_that_it_lists() {
    assertThat(provider().models()).isNotEmpty().allMatch(provider()::has);
  }

  @Test
  final void an_answer_ends_with_one_finish() throws Exception {
    List<ModelEvent> events = events(answered());

    assertThat(events).last().isInstanceOf(ModelEvent.Finished.class);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(ModelProviderContract::isTerminal);
  }

  @Test
  final void a_failure_is_the_last_element_and_not_an_exception() throws Exception {
    List<ModelEvent> events = events(failing());

    assertThat(events).last().isInstanceOf(ModelEvent.Failed.class);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(ModelProviderContract::isTerminal);
  }

  @Test
  final void parts_are_numbered_from_0_in_the_order_in_which_they_begin() throws Exception {
    int next = 0;
    for (ModelEvent event : events(answered())) {
      int part = partOf(event);
      assertThat(part).isLessThanOrEqualTo(next);
      next = Math.max(next, part + 1);
    }
    assertThat(next).isGreaterThan(1);
  }

  @Test
  final void a_tool_call_begins_before_its_arguments() throws Exception {
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
  final void a_source_can_be_run_again() throws Exception {
    var source = provider().stream(answered());

    var first = source.runWith(Sink.seq(), materializer).toCompletableFuture();
    var second = source.runWith(Sink.seq(), materializer).toCompletableFuture();

    assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(second.get(5, TimeUnit.SECONDS));
  }

  @Test
  final void no_element_is_made_without_demand() throws Exception {
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
            .run(materializer);
    SinkQueueWithCancel<ModelEvent> queue = running.second();

    queue.pull().toCompletableFuture().get(5, TimeUnit.SECONDS);
    queue.pull().toCompletableFuture().get(5, TimeUnit.SECONDS);
    queue.cancel();
    running.first().toCompletableFuture().get(5, TimeUnit.SECONDS);

    // Two were pulled, and the sink asks for a few more to fill its buffer.
    assertThat(made).hasValueLessThanOrEqualTo(5);
  }

  @Test
  final void a_cancel_stops_it() throws Exception {
    var done =
        provider().stream(endless())
            .watchTermination(Keep.right())
            .take(3)
            .toMat(Sink.ignore(), Keep.left())
            .run(materializer);

    done.toCompletableFuture().get(5, TimeUnit.SECONDS);
    released().get(5, TimeUnit.SECONDS);
  }

  private List<ModelEvent> events(ModelRequest request) throws Exception {
    return provider().stream(request)
        .runWith(Sink.seq(), materializer)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
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
