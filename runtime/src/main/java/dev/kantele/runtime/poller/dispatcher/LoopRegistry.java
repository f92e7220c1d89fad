package dev.kantele.runtime.poller.dispatcher;

import com.typesafe.config.Config;
import dev.kantele.runtime.poller.FaultHandler;
import dev.kantele.runtime.poller.LoopThread;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Ticker;
import dev.kantele.runtime.poller.backend.NativeSyscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loops of one actor system, by dispatcher. It is found by the system's settings, since who
 * makes an executor for a dispatcher knows no more of the system, and may do so before there are
 * extensions. A loop begins when it is first asked for, and ends with {@link #shutdown}.
 */
final class LoopRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(PollerLoop.class);

  /** Guarded by itself. What is kept does not refer to the settings. */
  private static final Map<ActorSystem.Settings, LoopRegistry> REGISTRIES = new WeakHashMap<>();

  /** Guarded by this. */
  private final Map<String, PollerLoop> loops = new LinkedHashMap<>();

  private boolean ended;

  /** Those of the system with these settings. */
  static LoopRegistry of(ActorSystem.Settings settings) {
    synchronized (REGISTRIES) {
      return REGISTRIES.computeIfAbsent(settings, _ -> new LoopRegistry());
    }
  }

  /**
   * The loop of a dispatcher, which begins now if there is none.
   *
   * @param config the system's
   * @throws IllegalStateException after {@link #shutdown}
   */
  synchronized PollerLoop loop(String id, Config config) {
    @Nullable PollerLoop there = loops.get(id);
    if (there != null) {
      return there;
    }
    if (ended) {
      throw new IllegalStateException("the actor system has ended, and no loop begins for " + id);
    }
    PollerLoop loop = start(id, config);
    loops.put(id, loop);
    return loop;
  }

  /** The loops that have begun, in that order. */
  synchronized List<PollerLoop> loops() {
    return List.copyOf(loops.values());
  }

  /** Lets all do what they have taken in, and end. */
  void shutdown() {
    List<PollerLoop> last;
    synchronized (this) {
      ended = true;
      last = new ArrayList<>(loops.values());
    }
    last.forEach(PollerLoop::shutdown);
  }

  private static PollerLoop start(String id, Config config) {
    DispatcherSettings settings = DispatcherSettings.of(PollerLoops.base(id), config).named(id);
    FaultHandler faults = (what, thrown) -> LOG.error("{} failed on loop {}", what, id, thrown);
    try {
      PollerLoop loop =
          new PollerLoop(settings.loop(), settings.backend().open(), Ticker.system(), faults);
      LoopThread.start(
          loop,
          /* daemon= */ true,
          settings.cpu(PollerLoops.index(id)),
          new NativeSyscalls(),
          faults);
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("starting the loop of " + id, e);
    }
  }
}
