package dev.kantele.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The text of a prompt, from the command line or from standard input. */
final class Prompt {
  /** What one frame can carry. */
  private static final int MAX_BYTES = 1 << 20;

  /** The words joined, or, if there are none, everything that is piped in; may be empty. */
  static String read(List<String> words, InputStream in, boolean interactive) {
    if (!words.isEmpty()) {
      return String.join(" ", words).strip();
    }
    return interactive ? "" : piped(in);
  }

  private static String piped(InputStream in) {
    try {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new CliException(
            "standard input has more than %d bytes; a prompt holds at most that many"
                .formatted(MAX_BYTES));
      }
      return new String(bytes, UTF_8).strip();
    } catch (IOException _) {
      throw new CliException("standard input can't be read; give the prompt as an argument");
    }
  }

  private Prompt() {}
}
