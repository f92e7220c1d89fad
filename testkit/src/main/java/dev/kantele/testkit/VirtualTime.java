package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import dev.kantele.testkit.world.World;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * The time of every timer and every clock of a node. It stands still until a test moves it, or
 * waits for something that needs time; an hour passes as fast as what happens in it. Confined to
 * the test's thread.
 */
public final class VirtualTime {
  private final World world;

  VirtualTime(World world) {
    this.world = requireNonNull(world, "world");
  }

  /** Lets {@code duration} pass, with all that happens in it. */
  public void advance(Duration duration) {
    world.advance(duration);
  }

  /** Does what can be done now, and lets no time pass. */
  public void runUntilIdle() {
    world.runUntilIdle();
  }

  /**
   * Waits for {@code stage}: what can be done is done, and where nothing can, time passes up to the
   * next timer, by a day at the most.
   *
   * @throws AssertionError if it does not complete by then
   * @throws java.util.concurrent.CompletionException if it completes with a failure
   */
  public <T> T await(CompletionStage<T> stage) {
    return world.await(stage);
  }

  /** As {@link #await(CompletionStage)}, where at most {@code patience} of virtual time passes. */
  public <T> T await(CompletionStage<T> stage, Duration patience) {
    return world.await(stage, patience);
  }

  /** The time now; at first {@link World#START}. */
  public Instant now() {
    return world.clock().instant();
  }

  /** The time that has passed. */
  public Duration elapsed() {
    return world.elapsed();
  }

  /** The clock that goes by this time. */
  public Clock clock() {
    return world.clock();
  }
}
