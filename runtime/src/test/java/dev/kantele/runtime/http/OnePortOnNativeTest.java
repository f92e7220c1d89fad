package dev.kantele.runtime.http;

import dev.kantele.runtime.transport.NativeTcp;
import dev.kantele.runtime.transport.Transport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class OnePortOnNativeTest extends OnePortContract {
  @Override
  Transport transport(ActorSystem<?> of) {
    return NativeTcp.of(of);
  }
}
