package dev.kantele.testkit.world;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of a world. */
final class WorldClock extends Clock {
  private final World world;

  WorldClock(World world) {
    this.world = world;
  }

  @Override
  public Instant instant() {
    return World.START.plus(world.elapsed());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(instant(), zone);
  }
}
