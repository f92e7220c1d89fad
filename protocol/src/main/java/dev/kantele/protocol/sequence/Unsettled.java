package dev.kantele.protocol.sequence;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.StreamId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The operations that were open at session.recovered: a stream until it ends, a tool call until it
 * ends or starts again (rule 2).
 */
final class Unsettled {
  private final Set<StreamId> streams = new LinkedHashSet<>();
  private final Set<InvocationId> invocations = new LinkedHashSet<>();

  void recovered(Collection<StreamId> openStreams, Collection<InvocationId> runningCalls) {
    clear();
    streams.addAll(openStreams);
    invocations.addAll(runningCalls);
  }

  void clear() {
    streams.clear();
    invocations.clear();
  }

  void settle(StreamId stream) {
    streams.remove(stream);
  }

  void settle(InvocationId invocation) {
    invocations.remove(invocation);
  }

  boolean contains(InvocationId invocation) {
    return invocations.contains(invocation);
  }

  /** A call may be requested while others are in doubt, but not while a stream is. */
  void requireStreamsSettled(EventBody body, Consumer<String> violation) {
    for (StreamId stream : streams) {
      violation.accept(
          OperationRules.nameOf(body)
              + " before stream "
              + stream
              + ", open at session.recovered, has ended");
    }
  }

  /** A turn or a stream starts when nothing is in doubt. */
  void requireAllSettled(EventBody body, Consumer<String> violation) {
    requireStreamsSettled(body, violation);
    for (InvocationId invocation : invocations) {
      violation.accept(
          OperationRules.nameOf(body)
              + " before invocation "
              + invocation
              + ", open at session.recovered, has ended or started again");
    }
  }
}
