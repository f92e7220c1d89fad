package dev.kantele.runtime.transport;

import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class NativeListeningTest extends ListeningContract {
  @Override
  ActorSystem<Void> system() {
    return TestLoops.system("native-listening");
  }

  @Override
  Transport transport(ActorSystem<Void> of) {
    return NativeTcp.of(of);
  }
}
