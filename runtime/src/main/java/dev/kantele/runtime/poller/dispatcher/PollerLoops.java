package dev.kantele.runtime.poller.dispatcher;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.kantele.runtime.poller.PollerLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.dispatch.DispatcherConfigurator;

/**
 * The poll loops of an actor system. Each belongs to a dispatcher, begins when it is first needed,
 * and ends after the system has: whatever the system's actors and streams do at their end still
 * runs. All may be called by any thread.
 */
public final class PollerLoops implements Extension {
  /** The dispatcher that the node itself uses. */
  public static final String DISPATCHER = "kantele.poller-dispatcher";

  private static final String MEMBER = "-loop-";

  private final ExtendedActorSystem system;
  private final LoopRegistry registry;

  private PollerLoops(ExtendedActorSystem system) {
    this.system = system;
    this.registry = LoopRegistry.of(system.settings());
    system.getWhenTerminated().whenComplete((_, _) -> registry.shutdown());
  }

  /** Those of {@code system}. */
  public static PollerLoops of(org.apache.pekko.actor.typed.ActorSystem<?> system) {
    return Id.INSTANCE.get(system.classicSystem());
  }

  /**
   * The dispatchers of the loops that {@code dispatcher} stands for: its own and, if its {@code
   * loop.loops} is more than 1, one for each other. What is on one of them stays on that loop, so a
   * connection's stream is on the dispatcher of the loop that has its socket.
   */
  public List<String> dispatchers(String dispatcher) {
    int loops = DispatcherSettings.of(dispatcher, system.settings().config()).loops();
    List<String> ids = new ArrayList<>();
    ids.add(dispatcher);
    for (int index = 1; index < loops; index++) {
      String id = dispatcher + MEMBER + (index + 1);
      if (!system.dispatchers().hasDispatcher(id)) {
        register(dispatcher, id);
      }
      ids.add(id);
    }
    return List.copyOf(ids);
  }

  /**
   * The loop of a dispatcher, which begins now if there is none.
   *
   * @param dispatcher one of the settings, or of {@link #dispatchers}
   * @throws IllegalStateException after the system's end
   * @throws java.io.UncheckedIOException if the system refuses what a loop needs
   */
  public PollerLoop loop(String dispatcher) {
    return registry.loop(dispatcher, system.settings().config());
  }

  /** The loop whose thread calls this. */
  public Optional<PollerLoop> current() {
    return loops().stream().filter(PollerLoop::inLoop).findFirst();
  }

  /** The loops that have begun, in that order. */
  public List<PollerLoop> loops() {
    return registry.loops();
  }

  private void register(String dispatcher, String id) {
    Config config =
        system.dispatchers().config(dispatcher).withValue("id", ConfigValueFactory.fromAnyRef(id));
    system
        .dispatchers()
        .registerConfigurator(
            id, new DispatcherConfigurator(config, system.dispatchers().prerequisites()));
  }

  /** Which of its dispatcher's loops the dispatcher {@code id} has, from 0. */
  static int index(String id) {
    int at = id.lastIndexOf(MEMBER);
    return at < 0 ? 0 : Integer.parseInt(id.substring(at + MEMBER.length())) - 1;
  }

  /** The dispatcher of the settings that {@code id} comes from. */
  static String base(String id) {
    int at = id.lastIndexOf(MEMBER);
    return at < 0 ? id : id.substring(0, at);
  }

  /** Under which Pekko finds the loops. */
  public static final class Id extends AbstractExtensionId<PollerLoops>
      implements ExtensionIdProvider {
    private static final Id INSTANCE = new Id();

    /** Called by Pekko, which finds this class by its name, and then asks for {@link #lookup}. */
    public Id() {}

    @Override
    public Id lookup() {
      return INSTANCE;
    }

    @Override
    public PollerLoops createExtension(ExtendedActorSystem system) {
      return new PollerLoops(system);
    }
  }
}
