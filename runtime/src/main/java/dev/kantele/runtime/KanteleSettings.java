package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.kantele.runtime.journal.JournalKind;
import dev.kantele.runtime.settings.SettingsException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a node is started with: configuration in HOCON, from {@code application.conf}, system
 * properties and the defaults of {@code reference.conf}, where each key is explained. Immutable.
 */
public final class KanteleSettings {
  /** What was written, with its references: a later setting is seen wherever one points to it. */
  private final Config written;

  private final Config config;

  private KanteleSettings(Config written) {
    this.written = written;
    try {
      this.config = written.resolve();
    } catch (ConfigException e) {
      throw new SettingsException("The configuration can't be read: " + e.getMessage(), e);
    }
  }

  /** The configuration that is found on the class path. */
  public static KanteleSettings load() {
    return from(ConfigFactory.empty());
  }

  /** {@code overrides}, and for the rest the configuration that is found on the class path. */
  public static KanteleSettings from(Config overrides) {
    requireNonNull(overrides, "overrides");
    try {
      return new KanteleSettings(
          overrides
              .withFallback(ConfigFactory.defaultOverrides())
              .withFallback(ConfigFactory.defaultApplication())
              .withFallback(ConfigFactory.defaultReferenceUnresolved()));
    } catch (ConfigException e) {
      throw new SettingsException("The configuration can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the settings with {@code key} set to {@code value}, as in {@code kantele.model}. Keys
   * that refer to it follow: an agent that names no model has the new one.
   */
  public KanteleSettings with(String key, Object value) {
    return new KanteleSettings(
        written.withValue(key, ConfigValueFactory.fromAnyRef(value, "KanteleSettings.with")));
  }

  /** Returns the settings with a journal in memory: nothing outlives the node. */
  public KanteleSettings inMemory() {
    return with("kantele.journal.kind", JournalKind.MEMORY.name().toLowerCase(Locale.ROOT));
  }

  /** Returns the settings with everything durable kept in {@code folder}. */
  public KanteleSettings data(Path folder) {
    return with("kantele.data", folder.toString());
  }

  /** All keys, resolved. */
  public Config config() {
    return config;
  }
}
