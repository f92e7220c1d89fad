package dev.kantele.runtime.transport;

import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class NativeTcpTest extends TransportContract {
  @Override
  ActorSystem<Void> system() {
    return TestLoops.system("native");
  }

  @Override
  Transport transport(ActorSystem<Void> of) {
    return NativeTcp.of(of);
  }
}
