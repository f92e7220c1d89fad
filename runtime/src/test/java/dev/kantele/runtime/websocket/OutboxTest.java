package dev.kantele.runtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private final ArrayDeque<String> events = new ArrayDeque<>();
  private final Outbox outbox =
      new Outbox(
          10, () -> Optional.ofNullable(events.pollFirst()).map(event -> event.getBytes(UTF_8)));

  private void add(String frame) {
    outbox.add(frame.getBytes(UTF_8));
  }

  private String take() {
    return outbox.take().utf8String();
  }

  @Test
  void an_empty_one_gives_nothing() {
    assertThat(outbox.take().isEmpty()).isTrue();
    assertThat(outbox.hasUrgent()).isFalse();
  }

  @Test
  void urgent_frames_go_first_and_in_their_order() {
    events.add("event");
    add("one");
    add("two");

    assertThat(outbox.urgentBytes()).isEqualTo(6);
    assertThat(outbox.take().utf8String()).startsWith("onetwo").endsWith("ev");
    assertThat(outbox.urgentBytes()).isZero();
  }

  @Test
  void an_event_that_has_begun_ends_before_an_urgent_frame() {
    events.add("a long event");

    assertThat(outbox.take().length()).isEqualTo(10);
    add("urgent");
    assertThat(take()).isEqualTo("venturgent");
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
    add("reply");

    outbox.close("close".getBytes(UTF_8));
    add("late");

    assertThat(take()).isEqualTo("replyclose");
    assertThat(take()).isEmpty();
    assertThat(events).containsExactly("event");
  }
}
