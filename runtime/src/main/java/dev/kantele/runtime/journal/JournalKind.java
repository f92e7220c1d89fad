package dev.kantele.runtime.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where the journal is kept; the values of {@code kantele.journal.kind}. */
public enum JournalKind {
  /** In the memory of one actor system, gone with it. */
  MEMORY,
  /** In one file of the data folder. */
  SQLITE;

  /** The name in the configuration, as in {@code sqlite}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads the name in the configuration. */
  public static JournalKind of(String configName) {
    return Arrays.stream(values())
        .filter(kind -> kind.configName().equals(configName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "kantele.journal.kind: "
                        + configName
                        + " (expected: "
                        + Arrays.stream(values())
                            .map(JournalKind::configName)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }
}
