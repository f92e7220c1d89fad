package dev.kantele.runtime.transport;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

final class PortableListeningTest extends ListeningContract {
  @Override
  ActorSystem<Void> system() {
    return ActorSystem.create(
        Behaviors.empty(),
        "portable-listening",
        ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
  }

  @Override
  Transport transport(ActorSystem<Void> of) {
    return new PortableTcp(Adapter.toClassic(of));
  }
}
