package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.Script;
import dev.kantele.runtime.model.scripted.ScriptedProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.jspecify.annotations.Nullable;

/**
 * The provider {@code test}, to which each test adds its models: scripts, functions, and streams
 * that a test drives by hand.
 */
final class TestModel implements ModelProvider {
  private final Map<String, Function<ModelRequest, Source<ModelEvent, NotUsed>>> models =
      new ConcurrentHashMap<>();

  /** Adds a model that follows a script, and returns its reference. */
  String script(String name, String yaml) {
    return script(name, Script.parse(name + ".yaml", yaml));
  }

  String script(String name, Script script) {
    var provider = ScriptedProvider.of(Map.of(name, script));
    return function(name, provider::stream);
  }

  /** Adds a model, and returns its reference. */
  String function(String name, Function<ModelRequest, Source<ModelEvent, NotUsed>> stream) {
    models.put(name, stream);
    return name() + "/" + name;
  }

  /** Adds a model whose calls are driven by hand. */
  Calls byHand(String name) {
    var calls = new Calls("test/" + name);
    function(name, calls::stream);
    return calls;
  }

  /** The calls of one model, in order. */
  static final class Calls {
    final String model;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    Calls(String model) {
      this.model = model;
    }

    private Source<ModelEvent, NotUsed> stream(ModelRequest request) {
      var call = new CompletableFuture<SourceQueueWithComplete<ModelEvent>>();
      var ended = new CompletableFuture<Done>();
      calls.add(new Call(request, call, ended));
      return Source.<ModelEvent>queue(1_000, OverflowStrategy.backpressure())
          .mapMaterializedValue(
              queue -> {
                call.complete(queue);
                return NotUsed.getInstance();
              })
          .watchTermination(
              (none, termination) -> {
                termination.whenComplete((done, failure) -> complete(ended, failure));
                return none;
              });
    }

    private static void complete(CompletableFuture<Done> ended, @Nullable Throwable failure) {
      if (failure == null) {
        ended.complete(Done.getInstance());
      } else {
        ended.completeExceptionally(failure);
      }
    }

    Call next() {
      return TestKantele.take(calls, model + " was not called");
    }
  }

  /**
   * A call in progress; {@code ended} completes when its source has been cancelled or has ended,
   * and fails where it was torn down.
   */
  record Call(
      ModelRequest request,
      CompletableFuture<SourceQueueWithComplete<ModelEvent>> queue,
      CompletableFuture<Done> ended) {
    void say(String text) {
      offer(new ModelEvent.TextDelta(0, text));
    }

    void offer(ModelEvent event) {
      TestKantele.get(queue).offer(event);
    }

    void finish() {
      offer(new ModelEvent.Finished(FinishReason.END, Usage.NONE));
    }

    void fail(Throwable failure) {
      TestKantele.get(queue).fail(failure);
    }
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public List<String> models() {
    return models.keySet().stream().sorted().toList();
  }

  @Override
  public boolean has(String model) {
    if (model.equals("unspeakable")) {
      throw new IllegalStateException("injected");
    }
    return model.equals("none") || models.containsKey(model);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return requireNonNull(models.get(request.model()), request.model()).apply(request);
  }
}
