package dev.kantele.cluster.chat;

import java.util.Optional;

/** A line as it was meant. */
sealed interface Input {
  /** Nothing was said. */
  record Nothing() implements Input {}

  /** A prompt. */
  record Say(String text) implements Input {}

  /** A command to the chat; {@code argument} may be empty. */
  record Slash(SlashCommand command, String argument) implements Input {}

  /** A command that there is not. */
  record UnknownSlash(String name) implements Input {}

  /** Reads what was typed: a backslash before a line break goes, two slashes begin with one. */
  static Input parse(String typed) {
    String text = typed.replace("\r\n", "\n").replace("\\\n", "\n").strip();
    if (text.isEmpty()) {
      return new Nothing();
    }
    if (text.startsWith("//")) {
      return new Say(text.substring(1));
    }
    if (!text.startsWith("/") || text.indexOf('\n') >= 0) {
      return new Say(text);
    }
    String[] words = text.split("\\s+", 2);
    Optional<SlashCommand> command = SlashCommand.of(words[0]);
    return command.isPresent()
        ? new Slash(command.get(), words.length > 1 ? words[1] : "")
        : new UnknownSlash(words[0]);
  }
}
