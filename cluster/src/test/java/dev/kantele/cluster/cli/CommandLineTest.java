package dev.kantele.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private final Captured captured = new Captured();

  @Test
  void help_explains_each_command_on_one_line() {
    assertThat(captured.run("--help")).isZero();

    List<String> lines = captured.out().lines().toList();
    assertThat(lines.subList(lines.indexOf("Commands:") + 1, lines.indexOf("")))
        .hasSize(10)
        .allMatch(
            line ->
                line.matches(
                    "  (serve|chat|tail|sessions|approve|answer|token|doctor|loop-stats|bench)"
                        + " +[A-Z].*\\."))
        .allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "chat",
        "tail",
        "sessions",
        "approve",
        "answer",
        "token",
        "doctor",
        "loop-stats",
        "bench"
      })
  void each_command_has_help_and_a_version(String command) {
    assertThat(captured.run(command, "--help")).isZero();
    assertThat(captured.out()).startsWith("Usage: ./kantele " + command);

    assertThat(captured.run(command, "--version")).isZero();
    assertThat(captured.out()).contains("Kantele ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                             | a command is missing",
        "sing                         | Unmatched argument at index 0: 'sing'",
        "serve --port abc             | Invalid value for option '--port': 'abc' is not an int",
        "serve --journal paper        | Invalid value for option '--journal'",
        "serve --colour               | Unknown option: '--colour'",
        "chat                         | the prompt is empty",
        "chat --session 'a b' Hello   | session 'a b' is no session id",
        "chat --url nowhere Hello     | url: 'nowhere' (expected: an address such as",
        "chat --url http://h --embedded Hello | --url and --embedded exclude each other",
        "chat --data x Hello          | --data and --config are for --embedded",
        "tail                         | Missing required parameter: 'SESSION'",
        "tail --after -1 chat-1       | --after: -1 (expected: 0..9007199254740991)",
        "tail --after x chat-1        | Invalid value for option '--after': 'x' is not a long",
        "token                        | Missing required parameter: 'PRINCIPAL'",
        "token 'a b'                  | PRINCIPAL is no principal: principal: 3 characters (expected:",
        "loop-stats --embedded        | Unknown option: '--embedded'",
        "loop-stats --interval 0      | --interval: 0 (expected: 1..3600)",
        "loop-stats --url nowhere     | url: 'nowhere' (expected: an address such as",
        "sessions chat-1              | Unmatched argument at index 1: 'chat-1'"
      })
  void what_is_no_command_is_a_usage_error(String line, String message) {
    String[] arguments =
        line == null
            ? new String[0]
            : Arrays.stream(line.split(" (?=(?:[^']*'[^']*')*[^']*$)"))
                .map(argument -> argument.replace("'", ""))
                .toArray(String[]::new);

    assertThat(captured.run(arguments)).isEqualTo(2);
    assertThat(captured.out()).isEmpty();
    assertThat(captured.err()).startsWith("kantele: " + message).hasLineCount(2);
    assertThat(captured.err().lines().toList().getLast()).matches("Try: \\./kantele.* --help");
  }
}
