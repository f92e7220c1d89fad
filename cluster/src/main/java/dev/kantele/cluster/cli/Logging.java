package dev.kantele.cluster.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells the logging library where its configuration is and how much to write, by system properties:
 * it reads them when the first logger is made, so this comes before everything else. A
 * configuration that the user names stays.
 */
final class Logging {
  private static final String FILE = "logback.configurationFile";
  private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");

  static void configure(Map<String, String> environment) {
    if (System.getProperty(FILE) != null) {
      return;
    }
    String wanted = environment.getOrDefault("KANTELE_LOG", "").toLowerCase(Locale.ROOT);
    String level = LEVELS.contains(wanted) ? wanted : "warn";
    boolean deep = level.equals("debug") || level.equals("trace");
    System.setProperty(FILE, "dev/kantele/cluster/logback.xml");
    System.setProperty("kantele.log.level", level);
    System.setProperty("kantele.log.exception", deep ? "%n%ex" : "%nopex");
  }

  private Logging() {}
}
