package dev.kantele.runtime.poller.dispatcher;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.poller.PollerLoop;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A loop as an executor service that may end before the loop does: a dispatcher shuts its executor
 * down when no actor has been on it for a while, and makes another when there is one again. The
 * loop, and what is registered there, is not concerned.
 */
final class LoopExecutor extends AbstractExecutorService {
  private final PollerLoop loop;
  private final AtomicBoolean shutdown = new AtomicBoolean();
  private final CountDownLatch terminated = new CountDownLatch(1);

  LoopExecutor(PollerLoop loop) {
    this.loop = requireNonNull(loop, "loop");
  }

  /**
   * Runs a task on the loop.
   *
   * @throws RejectedExecutionException after {@link #shutdown}, or when the loop has ended
   */
  @Override
  public void execute(Runnable task) {
    if (shutdown.get()) {
      throw new RejectedExecutionException("an executor of " + loop + " that was shut down");
    }
    loop.execute(task);
  }

  @Override
  public void shutdown() {
    if (shutdown.compareAndSet(false, true)) {
      try {
        // Behind what others submitted, and then, from the loop itself, behind what that did.
        loop.execute(this::executeTheLast);
      } catch (RejectedExecutionException _) {
        terminated.countDown();
      }
    }
  }

  private void executeTheLast() {
    try {
      loop.execute(terminated::countDown);
    } catch (RejectedExecutionException _) {
      terminated.countDown();
    }
  }

  /** Ends as {@link #shutdown} does: what has been submitted is the loop's, and runs. */
  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown.get();
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }
}
