package dev.kantele.runtime.session;

import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.session.OpenTurn.Ending;
import dev.kantele.runtime.session.OpenTurn.OpenStream;
import dev.kantele.runtime.session.OpenTurn.Retries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A running turn being changed; confined to one call of {@link SessionFold}. */
final class TurnBuilder {
  private final OpenTurn before;
  Usage usage;
  int modelCalls;
  int toolCalls;
  Retries retries;
  int repairs;
  Optional<OpenStream> stream;
  Optional<OpenStream> retry;
  List<OpenCall> calls;
  Set<InvocationId> started;
  List<TurnRequest> steers;
  Optional<Ending> ending;

  TurnBuilder(OpenTurn turn) {
    before = turn;
    usage = turn.usage();
    modelCalls = turn.modelCalls();
    toolCalls = turn.toolCalls();
    retries = turn.retries();
    repairs = turn.repairs();
    stream = turn.stream();
    retry = turn.retry();
    calls = turn.calls();
    started = turn.started();
    steers = turn.steers();
    ending = turn.ending();
  }

  TurnBuilder call(InvocationId invocation, UnaryOperator<OpenCall> change) {
    calls =
        calls.stream()
            .map(call -> call.invocation().equals(invocation) ? change.apply(call) : call)
            .toList();
    return this;
  }

  TurnBuilder addCall(OpenCall call) {
    calls = with(calls, call);
    toolCalls++;
    return this;
  }

  TurnBuilder addStarted(InvocationId invocation) {
    started = new HashSet<>(started);
    started.add(invocation);
    return this;
  }

  static <T> List<T> with(List<T> list, T last) {
    var longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  OpenTurn build() {
    return new OpenTurn(
        before.request(),
        before.startedAt(),
        before.transcriptStart(),
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
        before.waitedMillis(),
        before.waitingSince(),
        ending);
  }
}
