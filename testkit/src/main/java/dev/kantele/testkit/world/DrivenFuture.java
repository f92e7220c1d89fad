package dev.kantele.testkit.world;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A future whose waiters run the world until it is complete, in place of blocking. So are those
 * that are derived from it.
 */
final class DrivenFuture<T> extends CompletableFuture<T> {
  private final World world;

  DrivenFuture(World world) {
    this.world = world;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new DrivenFuture<>(world);
  }

  @Override
  public T join() {
    drive(World.DEFAULT_PATIENCE);
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    drive(World.DEFAULT_PATIENCE);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException {
    drive(Duration.of(timeout, unit.toChronoUnit()));
    return super.get();
  }

  /* A thread of code that blocks waits as it would anywhere: the world goes on without it. */
  private void drive(Duration patience) {
    if (!isDone() && !world.isGuest(Thread.currentThread())) {
      world.awaitUntil(this::isDone, patience);
    }
  }
}
