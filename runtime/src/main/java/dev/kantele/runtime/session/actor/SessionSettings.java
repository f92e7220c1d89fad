package dev.kantele.runtime.session.actor;

import com.typesafe.config.Config;
import dev.kantele.protocol.WireNumber;
import java.time.Duration;

/**
 * How sessions use memory and journal ({@code kantele.session}).
 *
 * @param windowBytes what a log keeps in memory at the most
 * @param snapshotEvery rows between two snapshots, which are taken at turn ends
 * @param keepRows rows that are kept below the latest snapshot for subscribers that come late
 * @param releaseAfter how long a session is idle before it lets go of its window
 * @param passivateAfter how long a session is idle before it stops, to be woken by the next message
 * @param holdPull how long a pull waits for something new before it is answered empty
 */
public record SessionSettings(
    long windowBytes,
    int snapshotEvery,
    int keepRows,
    Duration releaseAfter,
    Duration passivateAfter,
    Duration holdPull) {
  public SessionSettings {
    WireNumber.require("kantele.session.window", windowBytes, 1_024);
    WireNumber.require("kantele.session.snapshot-every", snapshotEvery, 1);
    WireNumber.require("kantele.session.keep-rows", keepRows, 0);
    requirePositive("kantele.session.release-after", releaseAfter);
    requirePositive("kantele.session.hold-pull", holdPull);
    if (passivateAfter.compareTo(releaseAfter) < 0) {
      throw new IllegalArgumentException(
          "kantele.session.passivate-after: "
              + passivateAfter
              + " (expected: at least kantele.session.release-after, "
              + releaseAfter
              + ")");
    }
  }

  /** Reads {@code kantele.session}. */
  public static SessionSettings from(Config kantele) {
    Config session = kantele.getConfig("session");
    return new SessionSettings(
        session.getBytes("window"),
        session.getInt("snapshot-every"),
        session.getInt("keep-rows"),
        session.getDuration("release-after"),
        session.getDuration("passivate-after"),
        session.getDuration("hold-pull"));
  }

  private static void requirePositive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: more than 0)");
    }
  }
}
