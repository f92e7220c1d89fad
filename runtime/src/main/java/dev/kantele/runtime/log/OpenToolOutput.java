package dev.kantele.runtime.log;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;

/** The output of a running tool call. Confined to the session's actor. */
final class OpenToolOutput implements OpenOperation {
  private final TurnId turn;
  private final InvocationId invocation;
  private final OpenPart chunks = new OpenPart();
  private Optional<Progress> progress = Optional.empty();
  private long progressSeq;
  private long firstLive;

  OpenToolOutput(TurnId turn, InvocationId invocation) {
    this.turn = turn;
    this.invocation = invocation;
  }

  @Override
  public void append(long seq, EventBody.Live event) {
    if (event instanceof ToolOutput output) {
      if (firstLive == 0) {
        firstLive = seq;
      }
      output.chunk().ifPresent(chunk -> chunks.append(seq, chunk));
      if (output.progress().isPresent()) {
        progress = output.progress();
        progressSeq = seq;
      }
    }
  }

  @Override
  public long firstLive() {
    return firstLive;
  }

  @Override
  public List<EventBody.Live> merged(long after, long to) {
    int start = chunks.endAt(after);
    int end = chunks.endAt(to);
    boolean moved = after < progressSeq && progressSeq <= to;
    if (start == end && !moved) {
      return List.of();
    }
    return List.of(
        new ToolOutput(
            turn,
            invocation,
            start == end ? Optional.empty() : Optional.of(chunks.between(start, end)),
            moved ? progress : Optional.empty()));
  }

  @Override
  public long mergedLength(long after, long to) {
    return (long) chunks.endAt(to) - chunks.endAt(after);
  }
}
