package dev.kantele.cluster.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where what was typed in earlier chats is kept: in the user's own data folder (XDG Base Directory
 * Specification).
 */
final class HistoryFile {
  static Path in(Map<String, String> environment) {
    Path data =
        variable(environment, "XDG_DATA_HOME")
            .or(() -> variable(environment, "LOCALAPPDATA"))
            .map(Path::of)
            .filter(Path::isAbsolute)
            .orElseGet(
                () ->
                    Path.of(
                        variable(environment, "HOME").orElse(System.getProperty("user.home", ".")),
                        ".local",
                        "share"));
    return data.resolve("kantele").resolve("chat-history");
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private HistoryFile() {}
}
