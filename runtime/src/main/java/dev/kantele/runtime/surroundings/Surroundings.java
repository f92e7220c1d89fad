package dev.kantele.runtime.surroundings;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.setup.ActorSystemSetup;

/**
 * Where a node gets time, chance and threads from. A host leaves them as they are; a test kit puts
 * others in their place, so that the same seed gives the same run.
 *
 * @param clock gives the time of events; the time of timers is that of Pekko's scheduler, {@code
 *     pekko.scheduler.implementation}
 * @param random gives names that must not be the same twice, and the spread of pauses; thread-safe
 * @param threads for code that blocks
 * @param waiting how callers of the blocking methods wait
 * @param setup what the actor system is created with, beside its configuration
 */
public record Surroundings(
    Clock clock, RandomGenerator random, Threads threads, Waiting waiting, ActorSystemSetup setup) {
  /** The system's clock, secure random numbers, and virtual threads. */
  public static final Surroundings OF_THE_SYSTEM =
      new Surroundings(
          Clock.systemUTC(),
          new SecureRandom(),
          Threads.VIRTUAL,
          Waiting.BLOCKING,
          ActorSystemSetup.empty());

  public Surroundings {
    requireNonNull(clock, "clock");
    requireNonNull(random, "random");
    requireNonNull(threads, "threads");
    requireNonNull(waiting, "waiting");
    requireNonNull(setup, "setup");
  }

  /** Returns the surroundings with another clock. */
  public Surroundings with(Clock other) {
    return new Surroundings(other, random, threads, waiting, setup);
  }

  /** Returns a new name of {@code 2 * bytes} hexadecimal digits. */
  public String newName(int bytes) {
    byte[] name = new byte[bytes];
    random.nextBytes(name);
    return HexFormat.of().formatHex(name);
  }
}
