package dev.kantele.cluster.node;

import com.typesafe.config.Config;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.runtime.settings.SettingsException;

/** A node inside this process. */
public final class EmbeddedNode {
  /** Starts. */
  @SuppressWarnings("NullAway")
  public static SessionAccess start(Config config) {
    if (config.isEmpty()) {
      throw new SettingsException("stub");
    }
    return null;
  }

  private EmbeddedNode() {}
}
