package dev.kantele.cluster.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.codec.WireCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TailLineTest {
  private static final Style UNICODE = new Style(/* colour= */ false, /* unicode= */ true);
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path EVENTS = MODULE.resolve("../protocol/src/test/resources/golden/event");
  private static final Path LINES = MODULE.resolve("src/test/resources/golden/tail.txt");

  private static Event read(Path file) {
    try {
      return new WireCodec().decodeEvent(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(file.toString(), e);
    }
  }

  private static List<Event> events() throws IOException {
    try (Stream<Path> files = Files.list(EVENTS)) {
      return files.sorted().map(TailLineTest::read).toList();
    }
  }

  @Test
  void every_event_of_the_protocol_has_a_line() throws IOException {
    var lines = new TailLine(UNICODE);

    assertThat(events().stream().map(lines::render))
        .containsExactlyElementsOf(Files.readAllLines(LINES));
  }

  @Test
  void colours_change_nothing_else() throws IOException {
    var coloured = new TailLine(new Style(/* colour= */ true, /* unicode= */ true));

    assertThat(
            events().stream()
                .map(coloured::render)
                .map(line -> line.replaceAll("\u001b\\[[0-9]+m", "").stripTrailing()))
        .containsExactlyElementsOf(Files.readAllLines(LINES));
  }
}
