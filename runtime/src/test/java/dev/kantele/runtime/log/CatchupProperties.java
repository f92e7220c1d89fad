package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.Catchup;
import dev.kantele.protocol.EventBody.TextDelta;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whoever reads a running stream has its text, wherever the cursor and the window cut it. */
class CatchupProperties {
  private static TestLog speaking(List<String> pieces, long windowBytes) {
    var test = new TestLog(windowBytes).with(TestLog.queued("t"), TestLog.started());
    pieces.forEach(piece -> test.with(TestLog.text(piece)));
    return test;
  }

  private static void read(StringBuilder text, EventBody body) {
    switch (body) {
      case TextDelta delta -> text.append(delta.text());
      case Catchup catchup -> catchup.events().forEach(event -> read(text, event));
      default -> {}
    }
  }

  private static long readOn(TestLog test, long after, StringBuilder text, int events, long bytes) {
    long cursor = after;
    while (cursor < test.log.lastSeq()) {
      List<Delivery> deliveries = test.deliveries(cursor, events, bytes);
      assertThat(deliveries).isNotEmpty();
      for (Delivery delivery : deliveries) {
        assertThat(delivery.covers().from()).isEqualTo(cursor + 1);
        cursor = delivery.covers().to();
        read(text, delivery.entry().body());
      }
    }
    return cursor;
  }

  @Property(tries = 300)
  void the_pieces_join_to_the_text(
      @ForAll @Size(max = 40) List<@StringLength(max = 30) String> pieces,
      @ForAll @IntRange(min = 1, max = 4_000) int windowBytes,
      @ForAll @IntRange(min = 1, max = 20) int maxEvents,
      @ForAll @IntRange(min = 1, max = 2_000) int maxBytes) {
    TestLog test = speaking(pieces, windowBytes);
    var text = new StringBuilder();

    readOn(test, 0, text, maxEvents, maxBytes);

    assertThat(text).hasToString(String.join("", pieces));
  }

  @Property(tries = 300)
  void a_reader_that_comes_back_later_has_the_text_too(
      @ForAll @Size(max = 40) List<@StringLength(max = 30) String> pieces,
      @ForAll @Size(max = 40) List<@StringLength(max = 30) String> more,
      @ForAll @IntRange(min = 1, max = 3_000) int windowBytes,
      @ForAll @IntRange(min = 1, max = 500) int maxBytes) {
    TestLog test = speaking(pieces, windowBytes);
    var text = new StringBuilder();
    long cursor = readOn(test, 0, text, 3, maxBytes);

    more.forEach(piece -> test.with(TestLog.text(piece)));
    readOn(test, cursor, text, 3, maxBytes);

    assertThat(text).hasToString(String.join("", pieces) + String.join("", more));
  }
}
