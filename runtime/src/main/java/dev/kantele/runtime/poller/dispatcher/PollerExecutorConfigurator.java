package dev.kantele.runtime.poller.dispatcher;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * Makes a poll loop the executor of a dispatcher. In the dispatcher's settings:
 *
 * <pre>{@code
 * type = Dispatcher
 * executor = "dev.kantele.runtime.poller.dispatcher.PollerExecutorConfigurator"
 * }</pre>
 *
 * <p>Its block {@code loop} says how the loop behaves; what is not there is as in {@code
 * kantele.poller-dispatcher}.
 */
public final class PollerExecutorConfigurator extends ExecutorServiceConfigurator {
  private final Config config;
  private final LoopRegistry registry;

  /** Called by Pekko, which finds this class by its name. */
  public PollerExecutorConfigurator(Config dispatcher, DispatcherPrerequisites prerequisites) {
    super(dispatcher, prerequisites);
    this.config = prerequisites.settings().config();
    this.registry = LoopRegistry.of(prerequisites.settings());
  }

  /** The loop has its own thread; the factory is not used. */
  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> new LoopExecutor(registry.loop(id, config));
  }
}
