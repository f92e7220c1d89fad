package dev.kantele.runtime.transport;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.poller.LoopSettings;
import dev.kantele.runtime.poller.LoopThread;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Ticker;
import dev.kantele.runtime.poller.backend.EpollPoller;
import dev.kantele.runtime.poller.backend.NativeSyscalls;
import dev.kantele.runtime.poller.backend.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** Loops of a test, with a dispatcher for each. */
final class TestLoops implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<String, PollerLoop> LOOPS = new ConcurrentHashMap<>();

  private final List<PollerLoop> loops;

  private TestLoops(List<PollerLoop> loops) {
    this.loops = loops;
  }

  /** So many loops, each with a thread. */
  static TestLoops start(int count) {
    return new TestLoops(IntStream.range(0, count).mapToObj(_ -> startOne()).toList());
  }

  private static PollerLoop startOne() {
    String name = "test-loop-" + COUNT.incrementAndGet();
    var system = new NativeSyscalls();
    try {
      var loop =
          new PollerLoop(
              LoopSettings.of(name),
              EpollPoller.open(system),
              Ticker.system(),
              (what, thrown) -> {
                throw new AssertionError(what, thrown);
              });
      var _ =
          LoopThread.start(
              loop,
              /* daemon= */ true,
              OptionalInt.empty(),
              system,
              (what, thrown) -> {
                throw new AssertionError(what, thrown);
              });
      LOOPS.put(name, loop);
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The configuration of an actor system on these loops. */
  Config config() {
    return ConfigFactory.parseString(
            names().stream()
                .map(
                    name ->
                        "%s { type = Dispatcher, executor = \"%s\", loop = %s }"
                            .formatted(name, Configurator.class.getName(), name))
                .collect(Collectors.joining("\n", "pekko.loglevel = WARNING\n", "")))
        .withFallback(ConfigFactory.load());
  }

  List<String> names() {
    return loops.stream().map(PollerLoop::name).toList();
  }

  /** A transport on these loops. */
  NativeTcp transport(Syscalls system) {
    return new NativeTcp(loops.stream().map(loop -> new Home(loop, loop.name())).toList(), system);
  }

  /** How often the loops went round. */
  long ticks() {
    return loops.stream().mapToLong(loop -> loop.metrics().snapshot().ticks()).sum();
  }

  /** Waits until the loops have done what they were given so far. */
  void settle() {
    for (PollerLoop loop : loops) {
      var done = new CompletableFuture<Void>();
      loop.execute(() -> done.complete(null));
      done.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  @Override
  public void close() {
    loops.forEach(PollerLoop::close);
  }

  /** Lets a dispatcher run on the loop that its configuration names. */
  static final class Configurator extends ExecutorServiceConfigurator {
    private final PollerLoop loop;

    public Configurator(Config config, DispatcherPrerequisites prerequisites) {
      super(config, prerequisites);
      this.loop = LOOPS.get(config.getString("loop"));
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(
        String id, ThreadFactory threadFactory) {
      return () -> new Facade(loop);
    }
  }

  /** The loop outlives its dispatchers. */
  private static final class Facade extends AbstractExecutorService {
    private final PollerLoop loop;

    Facade(PollerLoop loop) {
      this.loop = loop;
    }

    @Override
    public void execute(Runnable command) {
      loop.execute(command);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
