package dev.kantele.runtime.journal;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** The writes of a node's journal. */
public final class JournalWrites {
  /**
   * Begins no write any more, and completes when none is under way. To be called before the actor
   * system is terminated, which would leave transactions in the middle.
   */
  public static CompletionStage<Done> stop(ActorSystem<?> system) {
    return WriteTurns.of(system.classicSystem()).stop();
  }

  private JournalWrites() {}
}
