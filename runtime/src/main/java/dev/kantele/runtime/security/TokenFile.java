package dev.kantele.runtime.security;

import dev.kantele.runtime.security.StaticTokens.Entry;
import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tokens as they are written: a line {@code PRINCIPAL:HASH} each. Empty lines and those that begin
 * with {@code #} are left out. What is wrong is never repeated in a message: it may be a token that
 * somebody forgot to hash.
 */
final class TokenFile {
  private static final String EXPECTED = "PRINCIPAL:HASH, as ./kantele token prints it";

  /** Reads {@code file}, which the setting {@code key} names. */
  static List<Entry> read(String key, Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new SettingsException(key + ": " + file + " does not exist (expected: a file)", e);
    } catch (MalformedInputException e) {
      throw new SettingsException(key + ": " + file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new SettingsException(
          key + ": " + file + " can't be read (expected: a file that this user may read)", e);
    }
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        int number = i + 1;
        entries.add(
            parse(line)
                .orElseThrow(
                    () ->
                        new SettingsException(
                            "%s: line %d of %s is no token's (expected: %s)"
                                .formatted(key, number, file, EXPECTED))));
      }
    }
    return entries;
  }

  /** Reads the {@code index}-th element of the list under {@code key}. */
  static Entry parse(String key, int index, String element) {
    return parse(element.strip())
        .orElseThrow(
            () ->
                new SettingsException(
                    "%s[%d]: no token's (expected: %s)".formatted(key, index, EXPECTED)));
  }

  private static Optional<Entry> parse(String line) {
    int colon = line.lastIndexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Entry(
              line.substring(0, colon).strip(), new TokenHash(line.substring(colon + 1).strip())));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private TokenFile() {}
}
