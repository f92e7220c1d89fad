package dev.kantele.runtime.http;

import dev.kantele.runtime.transport.PortableTcp;
import dev.kantele.runtime.transport.Transport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

final class OnePortOnPortableTest extends OnePortContract {
  @Override
  Transport transport(ActorSystem<?> of) {
    return new PortableTcp(Adapter.toClassic(of));
  }
}
