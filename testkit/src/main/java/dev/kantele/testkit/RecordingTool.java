package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.tool.Reconciliation;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRun;
import dev.kantele.runtime.tool.ToolSpec;
import dev.kantele.testkit.world.SimulatedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A tool that does as it is told, and remembers what it was asked and which effects took place. An
 * effect takes place when the call ends; a node that is killed before takes it with it. The tool
 * itself outlives the nodes that call it, as the world outside does. Confined to the test's thread.
 */
public final class RecordingTool implements Tool {
  private final ToolSpec spec;
  private final List<ToolCall> calls = new ArrayList<>();
  private final List<ToolCall> reconciled = new ArrayList<>();
  private final Map<EffectId, List<JsonNode>> effects = new LinkedHashMap<>();
  private final List<String> chunks = new ArrayList<>();
  private Function<ToolCall, JsonNode> answer = _ -> JsonNodeFactory.instance.objectNode();
  private Optional<Failure> failure = Optional.empty();
  private Duration takes = Duration.ZERO;
  private boolean hangs;
  private boolean ignoresCancels;
  private boolean forgets;
  private int cancels;

  RecordingTool(String name, ToolEffect effect, Duration timeout) {
    this.spec =
        new ToolSpec(
            name,
            "A tool of a test.",
            JsonNodeFactory.instance.objectNode().put("type", "object"),
            effect,
            timeout);
  }

  /** Has calls end with {@code output}, which is something that JSON can hold. */
  public RecordingTool answers(Object output) {
    JsonNode json = WireMapper.json().valueToTree(requireNonNull(output, "output"));
    return answers(_ -> json);
  }

  /** Has calls end with what a function makes of them. */
  public RecordingTool answers(Function<ToolCall, JsonNode> function) {
    answer = requireNonNull(function, "function");
    failure = Optional.empty();
    return this;
  }

  /** Has calls fail. No effect takes place. */
  public RecordingTool fails(String code, String message) {
    failure = Optional.of(new Failure(code, message, /* retryable= */ false));
    return this;
  }

  /** How long calls take from now on, in virtual time. */
  public RecordingTool takes(Duration duration) {
    takes = requireNonNull(duration, "duration");
    hangs = false;
    return this;
  }

  /** Has calls never end. */
  public RecordingTool hangs() {
    hangs = true;
    return this;
  }

  /** Has calls go on when they are asked to stop, and not say so: a stop that stops nothing. */
  public RecordingTool ignoresCancels() {
    ignoresCancels = true;
    return this;
  }

  /** What calls report while they run, as they begin. */
  public RecordingTool reports(String... output) {
    chunks.clear();
    Collections.addAll(chunks, output);
    return this;
  }

  /** Has it not know what became of an effect when it is asked. */
  public RecordingTool forgets() {
    forgets = true;
    return this;
  }

  /** Every attempt that was begun, in order. */
  public List<ToolCall> calls() {
    return Collections.unmodifiableList(calls);
  }

  /** Every attempt about which it was asked what became of it, in order. */
  public List<ToolCall> reconciled() {
    return Collections.unmodifiableList(reconciled);
  }

  /** How often it was asked to stop. */
  public int cancels() {
    return cancels;
  }

  /** The effects that took place, in order; one that took place twice is there twice. */
  public List<EffectId> effects() {
    return effects.entrySet().stream()
        .flatMap(entry -> Collections.nCopies(entry.getValue().size(), entry.getKey()).stream())
        .toList();
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    calls.add(call);
    chunks.forEach(output::chunk);
    var run = new Run(call);
    if (!hangs) {
      run.endAfter(takes);
    }
    return run;
  }

  @Override
  public CompletionStage<Reconciliation> reconcile(ToolCall call) {
    reconciled.add(call);
    if (forgets) {
      return CompletableFuture.completedStage(
          new Reconciliation.Unknown("The tool of the test has forgotten."));
    }
    List<JsonNode> done = effects.get(call.effectId());
    return CompletableFuture.completedStage(
        done == null ? new Reconciliation.NotDone() : new Reconciliation.Done(done.getLast()));
  }

  private final class Run implements ToolRun {
    private final ToolCall call;
    private final CompletableFuture<JsonNode> result = new CompletableFuture<>();

    Run(ToolCall call) {
      this.call = call;
    }

    void endAfter(Duration duration) {
      SimulatedProcess.current().schedule(duration, this::end);
    }

    private void end() {
      if (result.isDone()) {
        return;
      }
      if (failure.isPresent()) {
        result.completeExceptionally(new ToolException(failure.get()));
        return;
      }
      JsonNode output = answer.apply(call);
      effects.computeIfAbsent(call.effectId(), _ -> new ArrayList<>()).add(output);
      result.complete(output);
    }

    @Override
    public CompletionStage<JsonNode> result() {
      return result;
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      cancels++;
      if (ignoresCancels) {
        return new CompletableFuture<>();
      }
      result.completeExceptionally(new CancellationException("cancelled"));
      return CompletableFuture.completedStage(true);
    }
  }
}
