package dev.kantele.runtime.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.Map;

/**
 * The actor system's settings for each kind of journal, to be put before all others: {@code
 * JournalConfig.sqlite(folder).withFallback(ConfigFactory.load())}.
 */
public final class JournalConfig {
  /** A journal in the memory of one actor system. */
  public static Config memory() {
    return resource("memory.conf");
  }

  /**
   * The journal in {@code folder}, whose tables are created here if need be.
   *
   * @throws JournalException if the tables can't be created or are of a newer version
   */
  public static Config sqlite(DataFolder folder) {
    SqliteSchema.prepare(folder.database());
    return ConfigFactory.parseMap(
            Map.of(
                "kantele.data",
                folder.path().toString(),
                "pekko-persistence-jdbc.shared-databases.kantele.db.url",
                Sqlite.url(folder.database()),
                "kantele.journal.sqlite.file",
                folder.database().toString()),
            "data folder " + folder.path())
        .withFallback(resource("sqlite.conf"));
  }

  private static Config resource(String name) {
    return ConfigFactory.parseResources(
            JournalConfig.class, name, ConfigParseOptions.defaults().setAllowMissing(false))
        .resolve();
  }

  private JournalConfig() {}
}
