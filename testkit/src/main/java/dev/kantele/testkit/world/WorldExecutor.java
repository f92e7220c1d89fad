package dev.kantele.testkit.world;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * The executor of all dispatchers of an actor system: the queue of the world in which the system
 * was made. Named in {@code testkit.conf}.
 */
public final class WorldExecutor extends ExecutorServiceConfigurator {
  private final SimulatedProcess process = SimulatedProcess.current();

  /** Called by Pekko. */
  public WorldExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory factory) {
    return new ExecutorServiceFactory() {
      @Override
      public ExecutorService createExecutorService() {
        return new Facade(process);
      }
    };
  }

  /** A dispatcher without actors shuts its executor down; the world goes on. */
  private static final class Facade extends AbstractExecutorService {
    private final SimulatedProcess process;
    private boolean shutdown;

    Facade(SimulatedProcess process) {
      this.process = process;
    }

    @Override
    public void execute(Runnable command) {
      process.execute(command);
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }
}
