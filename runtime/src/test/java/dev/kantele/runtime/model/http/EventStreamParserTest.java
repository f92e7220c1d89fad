package dev.kantele.runtime.model.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventStreamParserTest {
  private static final int MAX = 100;

  private final EventStreamParser parser = new EventStreamParser(MAX);
  private final List<ServerSentEvent> events = new ArrayList<>();

  private boolean accept(String text) {
    return parser.accept(ByteString.fromString(text), events::add);
  }

  private List<String> data(String stream) {
    accept(stream);
    return events.stream().map(ServerSentEvent::data).toList();
  }

  /** The examples of the HTML standard, section 9.2.6. */
  @Nested
  class TheStandard {
    @Test
    void joins_the_data_lines_of_an_event() {
      assertThat(data("data: YHOO\ndata: +2\ndata: 10\n\n")).containsExactly("YHOO\n+2\n10");
    }

    @Test
    void passes_comments_over_and_keeps_ids() {
      accept(
          """
          : test stream

          data: first event
          id: 1

          data:second event
          id

          data:  third event

          """);

      assertThat(events)
          .containsExactly(
              new ServerSentEvent("message", "first event", "1"),
              new ServerSentEvent("message", "second event", ""),
              new ServerSentEvent("message", " third event", ""));
    }

    @Test
    void has_empty_data_where_there_is_a_data_field() {
      assertThat(data("data\n\ndata\ndata\n\ndata:")).containsExactly("", "\n");
    }

    @Test
    void takes_one_space_after_the_colon_or_none() {
      assertThat(data("data:test\n\ndata: test\n\n")).containsExactly("test", "test");
    }
  }

  @Nested
  class Lines {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void end_by_any_line_break(String lineBreak) {
      // Of a carriage return at the end nobody knows yet whether a line feed belongs to it.
      assertThat(data("data: a|data: b||data: c||".replace("|", lineBreak)))
          .containsExactly("a\nb", "c");
    }

    @Test
    void may_have_a_byte_order_mark_before_the_first_only() {
      assertThat(data("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n"))
          .containsExactly("a", "\uFEFFc");
    }

    @Test
    void without_an_event_before_them_are_none() {
      assertThat(data("\n\n\nevent: x\n\nid: 3\n\n: ping\n\n")).isEmpty();
    }

    @Test
    void with_other_fields_are_passed_over() {
      assertThat(data("retry: 10\nfoo: bar\nDATA: x\n data: y\ndata: z\n\n")).containsExactly("z");
    }
  }

  @Nested
  class AnEvent {
    @Test
    void keeps_its_type_to_itself() {
      accept("event: error\ndata: a\n\ndata: b\n\nevent:\ndata: c\n\n");

      assertThat(events)
          .extracting(ServerSentEvent::type)
          .containsExactly("error", "message", "message");
    }

    @Test
    void has_no_id_with_a_null_character() {
      accept("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n");

      assertThat(events).extracting(ServerSentEvent::lastEventId).containsExactly("1", "1");
    }

    @Test
    void that_is_cut_off_is_none() {
      assertThat(data("data: a\n\ndata: b\n")).containsExactly("a");
    }

    @Test
    void has_replacements_for_what_is_no_utf_8() {
      byte[] half = {(byte) 0xE2, (byte) 0x82, '\n', '\n'};
      accept("data: a");
      parser.accept(ByteString.fromArray(half), events::add);

      assertThat(events).extracting(ServerSentEvent::data).containsExactly("a\uFFFD");
    }
  }

  @Nested
  class Cutting {
    private static final String STREAM =
        "\uFEFF: hello\r\nevent: x\r\nid: 7\rdata: h\u00E9llo \u4E16\n"
            + "data:\uD83D\uDE00\r\n\r\ndata\n\ndata: [DONE]\r\r";

    @Test
    void changes_nothing_wherever_it_is_done() {
      byte[] bytes = STREAM.getBytes(UTF_8);
      var whole = List.copyOf(read(bytes, bytes.length));
      assertThat(whole)
          .containsExactly(
              new ServerSentEvent("x", "h\u00E9llo \u4E16\n\uD83D\uDE00", "7"),
              new ServerSentEvent("message", "", "7"),
              new ServerSentEvent("message", "[DONE]", "7"));

      for (int at = 0; at <= bytes.length; at++) {
        assertThat(read(bytes, at)).as("cut at %d", at).isEqualTo(whole);
      }
    }

    private static List<ServerSentEvent> read(byte[] bytes, int cut) {
      var parser = new EventStreamParser(MAX);
      var events = new ArrayList<ServerSentEvent>();
      parser.accept(ByteString.fromArray(bytes, 0, cut), events::add);
      parser.accept(ByteString.fromArray(bytes, cut, bytes.length - cut), events::add);
      return events;
    }
  }

  @Nested
  class WhatIsTooLarge {
    @Test
    void is_a_line_without_an_end() {
      assertThat(accept("x".repeat(MAX))).isTrue();
      assertThat(accept("x")).isFalse();
    }

    @Test
    void is_the_data_of_many_lines() {
      String line = "data: " + "x".repeat(MAX / 2 - 6) + "\n";

      assertThat(accept(line + line)).isTrue();
      assertThat(accept("data:\n")).isFalse();
    }

    @Test
    void is_not_many_events() {
      assertThat(accept("data: 0123456789\n\n".repeat(1_000))).isTrue();
      assertThat(events).hasSize(1_000);
    }

    @Test
    void is_a_comment_too() {
      assertThat(accept(":" + "x".repeat(MAX))).isFalse();
    }

    @Test
    void comes_after_what_was_whole_and_before_nothing() {
      assertThat(accept("data: a\n\n" + "x".repeat(MAX + 1) + "\ndata: b\n\n")).isFalse();
      assertThat(accept("\ndata: c\n\n")).isFalse();
      assertThat(events).extracting(ServerSentEvent::data).containsExactly("a");
    }
  }
}
