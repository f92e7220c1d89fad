package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A message as it must stay on the wire, from {@code golden/KIND/NAME.json} or, for another of its
 * forms, {@code golden/KIND/NAME-FORM.json}.
 */
record Golden(String kind, String file, String json) {
  /** All of a kind: {@code command}, {@code reply} or {@code event}. */
  static List<Golden> all(String kind) {
    try (Stream<Path> files = Files.list(folder().resolve(kind))) {
      return files.sorted().map(file -> read(kind, file)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line, fields in the file's order. */
  private static Golden read(String kind, Path file) {
    try {
      String line = WireMapper.json().readTree(Files.readString(file)).toString();
      return new Golden(kind, file.getFileName().toString().replace(".json", ""), line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + ": no JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The wire name that the file is for. */
  String name() {
    int dash = file.startsWith("x-") ? file.indexOf('-', 2) : file.indexOf('-');
    return dash < 0 ? file : file.substring(0, dash);
  }

  @Override
  public String toString() {
    return kind + "/" + file;
  }
}
