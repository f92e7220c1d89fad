package dev.kantele.runtime.model;

import com.typesafe.config.Config;
import dev.kantele.runtime.settings.SettingsException;
import java.time.Clock;

/**
 * Makes a provider from a node's configuration; found by {@link java.util.ServiceLoader}, so that a
 * jar on the class path is all that a further provider needs.
 */
public interface ModelProviderFactory {
  /**
   * Makes the provider. Called once, when the node starts.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration; by
   *     convention a provider's own settings are under {@code models.NAME} of it
   * @param clock what the provider reads the time from
   * @throws SettingsException if the node must not start with these settings
   */
  ModelProvider create(Config kanteleConfig, Clock clock);
}
