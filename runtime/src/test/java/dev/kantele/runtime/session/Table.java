package dev.kantele.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What comes of each stimulus in one state. Stimuli stand before a colon, several where what comes
 * of them is the same; their outcome begins behind it and goes on in indented lines. "nothing" is
 * an empty step.
 */
final class Table {
  private static final Pattern NAMES = Pattern.compile(", ");

  /** A test for each command. */
  static Stream<DynamicTest> ofCommands(Supplier<TestSession> state, String text) {
    return of(state, text, Stimulus::isCommand);
  }

  /** A test for each outcome of a child, each timer, and the start of another life. */
  static Stream<DynamicTest> ofOutcomes(Supplier<TestSession> state, String text) {
    return of(state, text, stimulus -> !stimulus.isCommand());
  }

  private static Stream<DynamicTest> of(
      Supplier<TestSession> state, String text, Predicate<Stimulus> kind) {
    Map<Stimulus, List<String>> table = read(text);
    assertThat(table.keySet())
        .as("a line for each")
        .containsExactlyInAnyOrderElementsOf(Stream.of(Stimulus.values()).filter(kind).toList());
    return table.entrySet().stream()
        .map(
            cell ->
                dynamicTest(
                    cell.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    () -> check(state.get(), cell.getKey(), cell.getValue())));
  }

  private static void check(TestSession session, Stimulus stimulus, List<String> expected) {
    Step step = stimulus.happensTo(session);

    assertThat(session.shown(step)).isEqualTo(expected);
  }

  private static Map<Stimulus, List<String>> read(String text) {
    var table = new EnumMap<Stimulus, List<String>>(Stimulus.class);
    List<String> outcome = List.of();
    for (String line : text.replace(",\n", ", ").lines().toList()) {
      String said = line.strip();
      if (!line.startsWith(" ")) {
        int colon = line.indexOf(':');
        outcome = new ArrayList<>();
        for (String name : NAMES.splitAsStream(line.substring(0, colon)).toList()) {
          assertThat(table.put(Stimulus.valueOf(name), outcome)).as("%s before", name).isNull();
        }
        said = line.substring(colon + 1).strip();
      }
      if (!said.isEmpty() && !said.equals("nothing")) {
        outcome.add(said);
      }
    }
    return table;
  }

  private Table() {}
}
