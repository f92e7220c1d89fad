package dev.kantele.cluster.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be asked of the chat itself. */
enum SlashCommand {
  HELP("", "shows this"),
  SESSIONS("[TEXT]", "lists the sessions, or those with TEXT in their ids"),
  RESUME("ID", "goes on with another session"),
  NEW("", "begins another session"),
  CANCEL("", "cancels the turn that runs"),
  MODEL("[NAME]", "lists the models, or sets the one of the next prompts; default: the agent's"),
  QUIT("", "leaves");

  private final String parameter;
  private final String help;

  SlashCommand(String parameter, String help) {
    this.parameter = parameter;
    this.help = help;
  }

  /** The command of that name, which begins with a slash. */
  static Optional<SlashCommand> of(String name) {
    return Arrays.stream(values()).filter(command -> command.text().equals(name)).findFirst();
  }

  /** As it is typed. */
  String text() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /** All of them, a line each, and the keys. */
  static String help() {
    var lines = new StringBuilder();
    for (SlashCommand command : values()) {
      lines.append(
          "  %-16s %s%n".formatted(command.text() + " " + command.parameter, command.help));
    }
    return lines
        .append("A line that ends with a backslash goes on, as after Alt-Enter.\n")
        .append("Ctrl-C cancels the turn that runs, once more leaves, as Ctrl-D does.\n")
        .toString()
        .replace("\r\n", "\n");
  }
}
