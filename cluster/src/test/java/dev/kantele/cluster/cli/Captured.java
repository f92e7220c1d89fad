package dev.kantele.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.render.Style;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
final class Captured {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private String input = "";

  Captured with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Captured piped(String text) {
    input = text;
    return this;
  }

  /** Runs a command; what an earlier one printed is forgotten. */
  int run(String... arguments) {
    out.reset();
    err.reset();
    var style = new Style(/* colour= */ false, /* unicode= */ true);
    var screen =
        new Screen(
            new PrintStream(out, /* autoFlush= */ true, UTF_8),
            new PrintStream(err, /* autoFlush= */ true, UTF_8),
            style,
            style);
    return CommandLineInterface.run(
        arguments,
        new CliContext(environment, new ByteArrayInputStream(input.getBytes(UTF_8)), screen));
  }

  String out() {
    return out.toString(UTF_8);
  }

  String err() {
    return err.toString(UTF_8);
  }
}
