package dev.kantele.cluster.chat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** What a line that is being typed could become. */
final class Completions {
  /** The words that fit where {@code line} ends; {@code sessions} is asked only where ids fit. */
  static List<String> of(String line, Supplier<List<String>> sessions) {
    String resume = SlashCommand.RESUME.text() + " ";
    if (line.startsWith(resume)) {
      String begun = line.substring(resume.length());
      return sessions.get().stream().filter(id -> id.startsWith(begun)).toList();
    }
    if (!line.startsWith("/") || line.indexOf(' ') >= 0) {
      return List.of();
    }
    return Arrays.stream(SlashCommand.values())
        .map(SlashCommand::text)
        .filter(text -> text.startsWith(line))
        .toList();
  }

  private Completions() {}
}
