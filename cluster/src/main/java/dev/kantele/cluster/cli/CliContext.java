package dev.kantele.cluster.cli;

import java.io.InputStream;
import java.util.Map;

/** The process as a command sees it. */
record CliContext(Map<String, String> environment, InputStream in, Screen screen) {
  CliContext {
    environment = Map.copyOf(environment);
  }

  /** The same process with another screen. */
  CliContext with(Screen other) {
    return new CliContext(environment, in, other);
  }
}
