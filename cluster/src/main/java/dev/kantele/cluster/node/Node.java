package dev.kantele.cluster.node;

import com.typesafe.config.Config;
import dev.kantele.runtime.settings.SettingsException;

/** A node that serves. */
public final class Node implements AutoCloseable {
  /** Starts. */
  @SuppressWarnings("NullAway")
  public static Node start(Config config) {
    if (config.isEmpty()) {
      throw new SettingsException("stub");
    }
    return null;
  }

  /** Where. */
  public String url() {
    return "";
  }

  /** What. */
  public String data() {
    return "";
  }

  /** When. */
  public void whenStopped(Runnable action) {
    action.run();
  }

  @Override
  public void close() {}
}
