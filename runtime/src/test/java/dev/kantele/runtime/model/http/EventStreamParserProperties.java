package dev.kantele.runtime.model.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

final class EventStreamParserProperties {
  private static final int MAX = 200;

  private record Read(List<ServerSentEvent> events, boolean goesOn) {}

  private static Read read(byte[] bytes, List<Integer> pieces) {
    var parser = new EventStreamParser(MAX);
    var events = new ArrayList<ServerSentEvent>();
    boolean goesOn = true;
    int at = 0;
    for (int i = 0; at < bytes.length; i++) {
      int length = Math.min(pieces.get(i % pieces.size()), bytes.length - at);
      goesOn = parser.accept(ByteString.fromArray(bytes, at, length), events::add);
      at += length;
    }
    return new Read(events, goesOn);
  }

  /** Streams that are made of what means something in them, so that they have events. */
  @Provide
  Arbitrary<byte[]> streams() {
    return Arbitraries.of(
            "data:",
            "data",
            "event:",
            "id:",
            "retry:",
            ":",
            " ",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\0",
            "x",
            "[DONE]",
            "\uFEFF",
            "\u00E9",
            "\uD83D\uDE00",
            "0123456789".repeat(8))
        .map(token -> token.getBytes(UTF_8))
        .list()
        .ofMaxSize(80)
        .map(EventStreamParserProperties::joined);
  }

  private static byte[] joined(List<byte[]> tokens) {
    var bytes = new ByteArrayOutputStream();
    tokens.forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  @Property(tries = 1_000)
  void a_stream_is_read_the_same_however_it_is_cut(
      @ForAll("streams") byte[] bytes,
      @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 9) Integer> pieces) {
    assertThat(read(bytes, pieces)).isEqualTo(read(bytes, List.of(Math.max(1, bytes.length))));
  }

  @Property(tries = 500)
  void so_are_any_bytes(
      @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int pieceBytes) {
    assertThat(read(bytes, List.of(pieceBytes)))
        .isEqualTo(read(bytes, List.of(Math.max(1, bytes.length))));
  }

  @Property(tries = 300)
  void what_is_written_is_read(
      @ForAll @Size(max = 10) List<String> texts,
      @ForAll @IntRange(min = 1, max = 30) int pieceBytes) {
    var stream = new StringBuilder();
    var expected = new ArrayList<String>();
    for (String text : texts) {
      // Half of a pair has no bytes of its own in UTF-8, and an event ends where it gets too large.
      String said = new String(text.getBytes(UTF_8), UTF_8).replace("\r", "");
      String event = "data: " + said.replace("\n", "\ndata: ") + "\n\n";
      if (event.getBytes(UTF_8).length <= MAX) {
        stream.append(event);
        expected.add(said);
      }
    }

    Read read = read(stream.toString().getBytes(UTF_8), List.of(pieceBytes));

    assertThat(read.events()).extracting(ServerSentEvent::data).isEqualTo(expected);
    assertThat(read.goesOn()).isTrue();
  }
}
