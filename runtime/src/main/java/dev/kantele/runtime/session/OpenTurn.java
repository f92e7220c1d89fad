package dev.kantele.runtime.session;

import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.EndCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The turn that runs.
 *
 * @param transcriptStart the transcript's length before this turn
 * @param modelCalls steps begun; a retry is not a step
 * @param toolCalls tool calls requested
 * @param retries what repeating failed calls has cost so far
 * @param repairs how often the model was told that its answer does not fit the prompt's schema
 * @param stream the model stream that is open
 * @param retry the stream that failed and will be tried again, while none is open
 * @param calls the tool calls of the current step, in the model's order; empty once their results
 *     are in the transcript
 * @param started the calls of this turn that may have had an effect
 * @param steers what joined the turn and the model has not seen yet
 * @param waitedMillis for how long calls of the turn have waited for somebody, in all
 * @param waitingSince since when a call waits for somebody; absent while none does
 * @param ending set from the moment at which the turn is to end before its model is done
 */
public record OpenTurn(
    TurnRequest request,
    Instant startedAt,
    int transcriptStart,
    Usage usage,
    int modelCalls,
    int toolCalls,
    Retries retries,
    int repairs,
    Optional<OpenStream> stream,
    Optional<OpenStream> retry,
    List<OpenCall> calls,
    Set<InvocationId> started,
    List<TurnRequest> steers,
    long waitedMillis,
    Optional<Instant> waitingSince,
    Optional<Ending> ending) {
  public OpenTurn {
    calls = List.copyOf(calls);
    started = Set.copyOf(started);
    steers = List.copyOf(steers);
  }

  /**
   * How often a failed call of a turn was repeated, and how long the pauses before that were
   * together, in milliseconds.
   */
  public record Retries(int made, long pausedMillis) {
    /** No call has failed. */
    public static final Retries NONE = new Retries(0, 0);

    Retries and(Duration pause) {
      return new Retries(made + 1, pausedMillis + pause.toMillis());
    }
  }

  /** One attempt at one model call. */
  public record OpenStream(StreamId stream, String model, int attempt) {}

  /** Why and by when the turn ends. */
  public record Ending(EndCause cause, Instant deadline) {}

  static OpenTurn of(TurnRequest request, Instant at, int transcriptStart) {
    return new OpenTurn(
        request,
        at,
        transcriptStart,
        Usage.NONE,
        0,
        0,
        Retries.NONE,
        0,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Set.of(),
        List.of(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns the turn after a row of the time {@code at}, by which it may wait or wait no longer.
   */
  OpenTurn timed(Instant at) {
    boolean waits = calls.stream().anyMatch(OpenCall::isWaiting);
    if (waits == waitingSince.isPresent()) {
      return this;
    }
    long more = waitingSince.map(since -> Duration.between(since, at).toMillis()).orElse(0L);
    return new OpenTurn(
        request,
        startedAt,
        transcriptStart,
        usage,
        modelCalls,
        toolCalls,
        retries,
        repairs,
        stream,
        retry,
        calls,
        started,
        steers,
        waitedMillis + Math.max(0, more),
        waits ? Optional.of(at) : Optional.empty(),
        ending);
  }

  /** Whether a stream or a tool call of the turn may be running. */
  public boolean hasOpenOperation() {
    return stream.isPresent() || calls.stream().anyMatch(OpenCall::isRunning);
  }

  /** Whether it goes on without anybody who decides, answers, or runs a tool elsewhere. */
  public boolean makesProgress() {
    return stream.isPresent()
        || calls.stream().anyMatch(OpenCall::isRunningHere)
        || calls.stream().noneMatch(call -> call.isWaiting() || call.isRunningElsewhere());
  }

  /** Whether each call of the step has its terminal event; also where there are none. */
  boolean allCallsEnded() {
    return calls.stream().allMatch(OpenCall::hasEnded);
  }

  /** The call {@code invocation} of the current step. */
  public Optional<OpenCall> call(InvocationId invocation) {
    return calls.stream().filter(call -> call.invocation().equals(invocation)).findFirst();
  }
}
