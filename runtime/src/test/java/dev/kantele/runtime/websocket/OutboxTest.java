package dev.kantele.runtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.websocket.frame.FrameEncoder;
import dev.kantele.runtime.websocket.frame.Frames;
import java.util.ArrayDeque;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  /** Two bytes of header and four of text make two thirds of a chunk. */
  private static final int CHUNK = 9;

  private final ArrayDeque<String> events = new ArrayDeque<>();
  private final Outbox outbox =
      new Outbox(
          CHUNK,
          FrameEncoder.server(),
          () -> Optional.ofNullable(events.pollFirst()).map(event -> event.getBytes(UTF_8)));

  private static ByteString frame(String text) {
    return Frames.text(text).wireForm();
  }

  private ByteString takeAll() {
    ByteString all = ByteString.emptyByteString();
    for (ByteString chunk = outbox.take(); !chunk.isEmpty(); chunk = outbox.take()) {
      all = all.concat(chunk);
    }
    return all;
  }

  @Test
  void an_empty_one_gives_nothing() {
    assertThat(outbox.take().isEmpty()).isTrue();
    assertThat(outbox.hasUrgent()).isFalse();
  }

  @Test
  void urgent_frames_go_first_and_in_their_order() {
    events.add("event");
    outbox.add(Frames.text("1"));
    outbox.add(Frames.text("2"));

    assertThat(outbox.urgentBytes()).isEqualTo(6);
    assertThat(outbox.take())
        .isEqualTo(frame("1").concat(frame("2")).concat(frame("event")).take(CHUNK));
    assertThat(outbox.urgentBytes()).isZero();
  }

  @Test
  void an_event_that_has_begun_ends_before_an_urgent_frame() {
    events.add("a long event");

    ByteString begun = outbox.take();
    outbox.add(Frames.text("urgent"));

    assertThat(begun.length()).isEqualTo(CHUNK);
    assertThat(begun.concat(takeAll())).isEqualTo(frame("a long event").concat(frame("urgent")));
  }

  @Test
  void what_is_left_of_a_frame_and_what_comes_next_are_written_at_once() {
    events.add("a long event");
    outbox.take();
    outbox.add(Frames.text("1"));

    assertThat(outbox.take()).isEqualTo(frame("a long event").drop(CHUNK).concat(frame("1")));
  }

  @Test
  void an_event_leaves_its_source_only_when_it_is_written() {
    events.add("0123456789");
    events.add("next");

    outbox.take();

    assertThat(events).containsExactly("next");
  }

  @Test
  void after_the_last_frame_nothing_is_written_but_what_was_there_before() {
    events.add("event");
    outbox.add(Frames.text("reply"));

    outbox.close(Frames.close(1000, ""));
    outbox.add(Frames.text("late"));

    assertThat(takeAll()).isEqualTo(frame("reply").concat(Frames.close(1000, "").wireForm()));
    assertThat(events).containsExactly("event");
  }
}
