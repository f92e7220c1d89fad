package dev.kantele.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.render.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the user sees: the answer on standard output, everything about it on standard error.
 *
 * @param style what standard output can show
 * @param noteStyle what standard error can show
 */
record Screen(PrintStream out, PrintStream err, Style style, Style noteStyle) {
  /** The process's own streams. */
  static Screen standard(Map<String, String> environment) {
    return new Screen(
        System.out,
        System.err,
        style(environment, Terminal.STDOUT, System.out.charset()),
        style(environment, Terminal.STDERR, System.err.charset()));
  }

  private static Style style(Map<String, String> environment, int descriptor, Charset charset) {
    return style(environment, Terminal.isTerminal(descriptor), charset);
  }

  /** Colours on a terminal only, and not where the user asks for none (https://no-color.org). */
  static Style style(Map<String, String> environment, boolean terminal, Charset charset) {
    boolean unwanted =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "").equals("dumb");
    return new Style(terminal && !unwanted, charset.equals(UTF_8));
  }

  /** The same with lines about the answer for {@code notes}, each with its line break. */
  Screen withNotes(Consumer<String> notes) {
    var line =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void flush() {
            if (size() > 0) {
              notes.accept(toString(UTF_8));
              reset();
            }
          }
        };
    return new Screen(out, new PrintStream(line, /* autoFlush= */ false, UTF_8), style, noteStyle);
  }

  /** Goes on with the answer. */
  void print(String text) {
    if (!text.isEmpty()) {
      out.print(text);
      out.flush();
    }
  }

  /** A line of the answer. */
  void line(String line) {
    print(line + "\n");
  }

  /**
   * A JSON text on a line of its own, in UTF-8 whatever the terminal has (RFC 8259, section 8.1).
   */
  void json(String text) {
    byte[] line = (text + "\n").getBytes(UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }

  /** A line about the answer. */
  void note(String line) {
    err.print(line + "\n");
    err.flush();
  }

  /** Whether nobody takes the answer any more, as after {@code | head}. */
  boolean isGone() {
    return out.checkError();
  }
}
