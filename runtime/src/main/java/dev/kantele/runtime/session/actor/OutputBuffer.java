package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.Progress;
import dev.kantele.runtime.tool.ToolOutput;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a tool has reported and its session has not taken yet, merged, up to {@value #CAPACITY}
 * characters. Safe from any thread: tools write on theirs, the invocation's actor takes on its own.
 */
final class OutputBuffer implements ToolOutput {
  private static final int CAPACITY = 64 * 1024;

  private final Runnable filled;
  private final StringBuilder text = new StringBuilder();
  private Optional<Progress> progress = Optional.empty();
  private CompletableFuture<Void> room = CompletableFuture.completedFuture(null);
  private boolean closed;

  /** {@code filled} is called when there is something to take after there was nothing. */
  OutputBuffer(Runnable filled) {
    this.filled = filled;
  }

  /** What was taken. */
  record Taken(Optional<String> chunk, Optional<Progress> progress) {}

  @Override
  public CompletionStage<Void> chunk(String chunk) {
    boolean first;
    CompletionStage<Void> answer;
    synchronized (this) {
      if (closed || chunk.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      if (text.length() >= CAPACITY) {
        return CompletableFuture.failedFuture(
            new IllegalStateException(
                "output: "
                    + text.length()
                    + " characters wait (expected: fewer than "
                    + CAPACITY
                    + "; wait for the stage before the next chunk)"));
      }
      first = isEmpty();
      text.append(chunk);
      if (text.length() >= CAPACITY) {
        room = new CompletableFuture<>();
      }
      answer = room;
    }
    if (first) {
      filled.run();
    }
    return answer;
  }

  @Override
  public void progress(Progress report) {
    boolean first;
    synchronized (this) {
      if (closed) {
        return;
      }
      first = isEmpty();
      progress = Optional.of(report);
    }
    if (first) {
      filled.run();
    }
  }

  /** Takes everything; null if there is nothing. */
  @Nullable Taken take() {
    CompletableFuture<Void> waiting;
    Taken taken;
    synchronized (this) {
      if (isEmpty()) {
        return null;
      }
      taken = new Taken(text.isEmpty() ? Optional.empty() : Optional.of(text.toString()), progress);
      text.setLength(0);
      progress = Optional.empty();
      waiting = room;
    }
    waiting.complete(null);
    return taken;
  }

  /** Takes in nothing more. */
  void close() {
    CompletableFuture<Void> waiting;
    synchronized (this) {
      closed = true;
      waiting = room;
    }
    waiting.complete(null);
  }

  private boolean isEmpty() {
    return text.isEmpty() && progress.isEmpty();
  }
}
