package dev.kantele.protocol.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A mailbox: runs tasks one after the other in the order in which they came, each seeing what those
 * before it wrote, on whatever thread it is given. A task may add others. It sets no bound of its
 * own: who adds tasks has one.
 */
final class SerialExecutor implements Executor {
  private final Executor threads;
  private final Consumer<Throwable> onFailure;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks that have not ended; whoever makes it 1 starts a thread. */
  private final AtomicInteger unfinished = new AtomicInteger();

  /**
   * Makes a mailbox.
   *
   * @param onFailure gets what a task throws, on the mailbox's own thread
   */
  SerialExecutor(Executor threads, Consumer<Throwable> onFailure) {
    this.threads = threads;
    this.onFailure = onFailure;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (unfinished.getAndIncrement() == 0) {
      threads.execute(this::drain);
    }
  }

  private void drain() {
    do {
      try {
        tasks.remove().run();
      } catch (RuntimeException | Error e) {
        onFailure.accept(e);
      }
    } while (unfinished.decrementAndGet() > 0);
  }
}
