package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import java.nio.file.Path;

/**
 * The journal's settings.
 *
 * @param kind {@code kantele.journal.kind}
 * @param data {@code kantele.data}: the folder for all that a node keeps; unused in memory
 */
public record JournalSettings(JournalKind kind, Path data) {
  public JournalSettings {
    requireNonNull(kind, "kind");
    requireNonNull(data, "data");
  }

  /** Reads {@code kantele.journal} and {@code kantele.data}. */
  public static JournalSettings of(Config config) {
    return new JournalSettings(
        JournalKind.of(config.getString("kantele.journal.kind")),
        Path.of(config.getString("kantele.data")));
  }
}
