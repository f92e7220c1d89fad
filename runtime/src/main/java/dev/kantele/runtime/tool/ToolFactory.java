package dev.kantele.runtime.tool;

import com.typesafe.config.Config;
import dev.kantele.runtime.settings.SettingsException;
import java.time.Clock;
import java.util.List;

/**
 * Makes tools from a node's configuration; found by {@link java.util.ServiceLoader}, so that a jar
 * on the class path is all that further tools need.
 */
public interface ToolFactory {
  /**
   * Makes the tools. Called once, when the node starts.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration
   * @param clock what the tools read the time from
   * @throws SettingsException if the node must not start with these settings
   */
  List<Tool> create(Config kanteleConfig, Clock clock);
}
