package dev.kantele.runtime.transport;

import dev.kantele.runtime.poller.backend.NativeSyscalls;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class NativeTcpTest extends TransportContract {
  /** More than one, so that connections go from loop to loop. */
  private static final TestLoops LOOPS = TestLoops.start(2);

  @Override
  ActorSystem<Void> system() {
    return ActorSystem.create(Behaviors.empty(), "native", LOOPS.config());
  }

  @Override
  void stopped() {
    LOOPS.close();
  }

  @Override
  Transport transport(ActorSystem<Void> of) {
    return LOOPS.transport(new NativeSyscalls());
  }
}
