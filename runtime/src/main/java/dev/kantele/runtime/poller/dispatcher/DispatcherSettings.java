package dev.kantele.runtime.poller.dispatcher;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import dev.kantele.runtime.poller.LoopSettings;
import dev.kantele.runtime.poller.LoopSettings.TimerClamp;
import dev.kantele.runtime.poller.backend.Backend;
import dev.kantele.runtime.poller.backend.Cpus;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of a dispatcher's loops: the block {@code loop} of the dispatcher's own.
 *
 * @param loops how many there are, each with a dispatcher of its own
 * @param cpus which processors they run on, the first loop on the first; empty: anywhere
 * @param loop how each behaves, but for its name
 */
record DispatcherSettings(Backend backend, int loops, List<Integer> cpus, LoopSettings loop) {
  private static final int MOST_LOOPS = 256;

  DispatcherSettings {
    cpus = List.copyOf(cpus);
  }

  /**
   * Reads those of the dispatcher {@code id}; what it does not set is as in {@link
   * PollerLoops#DISPATCHER}.
   *
   * @param config the system's
   * @throws dev.kantele.runtime.settings.SettingsException if one is out of bounds
   */
  static DispatcherSettings of(String id, Config config) {
    SettingsReader reader = block(id, config).withDefaults(block(PollerLoops.DISPATCHER, config));
    int loops = (int) reader.number("loops", 1, MOST_LOOPS);
    List<Integer> cpus = cpus(reader);
    if (!cpus.isEmpty() && cpus.size() != loops) {
      throw reader.invalid("cpus", "as many as there are loops, or none");
    }
    long sampleEvery = reader.number("sample-every", 0, 1 << 30);
    if (Long.bitCount(sampleEvery) > 1) {
      throw reader.invalid("sample-every", "0 or a power of two");
    }
    return new DispatcherSettings(
        backend(reader),
        loops,
        cpus,
        new LoopSettings(
            id,
            (int) reader.number("tasks-per-tick", 1, 1_000_000),
            reader.duration("tick-budget", Duration.ZERO),
            reader.duration("longest-wait", Duration.ofMillis(1)),
            reader.duration("spin", Duration.ZERO),
            reader.duration("shutdown-grace", Duration.ZERO),
            (int) sampleEvery,
            clamp(reader)));
  }

  /** The same under another name. */
  DispatcherSettings named(String name) {
    return new DispatcherSettings(backend, loops, cpus, loop.named(name));
  }

  /** The processor of loop {@code index}. */
  OptionalInt cpu(int index) {
    return cpus.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cpus.get(index));
  }

  private static SettingsReader block(String id, Config config) {
    SettingsReader reader = SettingsReader.of(config);
    for (String part : ConfigUtil.splitPath(id)) {
      reader = reader.block(part);
    }
    return reader.block("loop");
  }

  private static List<Integer> cpus(SettingsReader reader) {
    List<Integer> cpus = new ArrayList<>();
    List<String> written = reader.strings("cpus");
    for (int i = 0; i < written.size(); i++) {
      try {
        int cpu = Integer.parseInt(written.get(i));
        if (cpu >= 0 && cpu < Cpus.LIMIT) {
          cpus.add(cpu);
          continue;
        }
      } catch (NumberFormatException _) {
        // Told below.
      }
      throw reader.invalidElement("cpus", i, "0.." + (Cpus.LIMIT - 1));
    }
    return cpus;
  }

  private static Backend backend(SettingsReader reader) {
    String written = reader.string("backend");
    return Arrays.stream(Backend.values())
        .filter(backend -> backend.key().equals(written))
        .findFirst()
        .orElseThrow(() -> reader.invalid("backend", "auto, epoll, kqueue or nio"));
  }

  private static Optional<TimerClamp> clamp(SettingsReader reader) {
    return switch (reader.string("clamp-timers")) {
      case "on", "true" -> Optional.of(TimerClamp.STANDARD);
      case "off", "false" -> Optional.empty();
      default -> throw reader.invalid("clamp-timers", "on or off");
    };
  }
}
