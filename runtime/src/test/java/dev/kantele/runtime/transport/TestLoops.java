package dev.kantele.runtime.transport;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.dispatcher.PollerLoops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Actor systems with more than one loop, so that connections go from loop to loop. */
final class TestLoops {
  /** A system with two loops. */
  static ActorSystem<Void> system(String name) {
    return ActorSystem.create(
        Behaviors.empty(),
        name,
        ConfigFactory.parseString(
                """
                pekko.loglevel = WARNING
                kantele.poller-dispatcher.loop.loops = 2
                """)
            .withFallback(ConfigFactory.load()));
  }

  static List<String> names(ActorSystem<?> system) {
    return loops(system).stream().map(PollerLoop::name).toList();
  }

  /** How often the loops went round. */
  static long ticks(ActorSystem<?> system) {
    return loops(system).stream().mapToLong(loop -> loop.metrics().snapshot().ticks()).sum();
  }

  /** Waits until the loops have done what they were given so far. */
  static void settle(ActorSystem<?> system) {
    for (PollerLoop loop : loops(system)) {
      var done = new CompletableFuture<Boolean>();
      loop.execute(() -> done.complete(true));
      boolean _ = done.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  private static List<PollerLoop> loops(ActorSystem<?> system) {
    return PollerLoops.of(system).loops();
  }

  private TestLoops() {}
}
