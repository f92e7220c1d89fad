package dev.kantele.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.Reconciliation;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRun;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A tool whose calls a test ends by hand, or that does in a session what a test tells it to. */
final class TestTool implements Tool {
  private final ToolSpec spec;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Map<SessionId, BlockingQueue<Run>> runs = new ConcurrentHashMap<>();
  private final Map<SessionId, BiFunction<ToolCall, ToolOutput, ToolRun>> starts =
      new ConcurrentHashMap<>();
  private final Map<SessionId, Function<ToolCall, CompletionStage<Reconciliation>>> reconciles =
      new ConcurrentHashMap<>();

  TestTool(String name, ToolEffect effect) {
    this(name, effect, Duration.ofSeconds(60));
  }

  TestTool(String name, ToolEffect effect, Duration timeout) {
    this.spec = new ToolSpec(name, "Test", json("{\"type\":\"object\"}"), effect, timeout);
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** One call in progress. */
  static final class Run implements ToolRun {
    final ToolCall call;
    final ToolOutput output;
    final CompletableFuture<JsonNode> result = new CompletableFuture<>();
    final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    final CompletableFuture<Void> cancelAsked = new CompletableFuture<>();

    Run(ToolCall call, ToolOutput output) {
      this.call = call;
      this.output = output;
    }

    @Override
    public CompletionStage<JsonNode> result() {
      return result;
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      cancelAsked.complete(null);
      return cancelled;
    }
  }

  /** Waits for the next call that {@code session} makes. */
  Run next(SessionId session) {
    return TestKantele.take(runs(session), spec.name() + " was not called in " + session);
  }

  private BlockingQueue<Run> runs(SessionId session) {
    return runs.computeIfAbsent(session, _ -> new LinkedBlockingQueue<>());
  }

  /** Has calls in {@code session} end at once with {@code output}. */
  void answer(SessionId session, String output) {
    onStart(
        session,
        (call, reports) -> {
          var run = new Run(call, reports);
          run.result.complete(json(output));
          return run;
        });
  }

  /** Has calls in {@code session} do this. */
  void onStart(SessionId session, BiFunction<ToolCall, ToolOutput, ToolRun> start) {
    starts.put(session, start);
  }

  /** Has questions about calls in {@code session} answered so. */
  void onReconcile(
      SessionId session, Function<ToolCall, CompletionStage<Reconciliation>> reconcile) {
    reconciles.put(session, reconcile);
  }

  /** Has the next question for the tool's specification fail, whoever asks. */
  void failOnce() {
    failing.set(true);
  }

  @Override
  public ToolSpec spec() {
    if (failing.compareAndSet(true, false)) {
      throw new IllegalStateException("injected");
    }
    return spec;
  }

  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    return starts.getOrDefault(call.session(), this::record).apply(call, output);
  }

  private ToolRun record(ToolCall call, ToolOutput output) {
    var run = new Run(call, output);
    runs(call.session()).add(run);
    return run;
  }

  @Override
  public CompletionStage<Reconciliation> reconcile(ToolCall call) {
    var answer = reconciles.get(call.session());
    return answer == null ? Tool.super.reconcile(call) : answer.apply(call);
  }
}
