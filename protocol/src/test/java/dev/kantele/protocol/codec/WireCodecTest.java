package dev.kantele.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireNumber;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WireCodecTest {
  private static final SessionId SESSION = new SessionId("chat-1");
  private static final Instant AT = Instant.parse("2026-03-01T09:30:00Z");

  private final WireCodec codec = new WireCodec();

  private static EventBody text(String text) {
    return new EventBody.TextDelta(new TurnId("t1"), new StreamId("s1"), 0, text);
  }

  @Nested
  class Frames_of_events {
    @Test
    void one_body_serves_subscribers_with_different_numbers() {
      EncodedBody body = codec.encodeBody(SESSION, AT, text("a"));

      assertThat(codec.frame(Covers.of(9), body))
          .asString(UTF_8)
          .isEqualTo(
              """
              {"seq":9,"type":"text.delta","session":"chat-1","at":"2026-03-01T09:30:00.000Z",\
              "turn":"t1","stream":"s1","part":0,"text":"a"}""");
      assertThat(codec.frame(new Covers(10, 1_234), body))
          .asString(UTF_8)
          .startsWith("{\"seq\":1234,\"covers\":[10,1234],\"type\":\"text.delta\",");
    }

    @Test
    void the_largest_number_is_written_whole() {
      Covers covers = new Covers(1, WireNumber.MAX);

      byte[] frame = codec.encode(new Event(SESSION, covers, AT, text("a")));

      assertThat(codec.decodeEvent(frame).covers()).isEqualTo(covers);
      assertThat(frame).asString(UTF_8).contains("[1,9007199254740991]");
    }

    @Test
    void the_length_of_a_body_is_that_of_its_frame_without_numbers() {
      EncodedBody body = codec.encodeBody(SESSION, AT, text("é"));

      assertThat(codec.frame(Covers.of(1), body)).hasSize(body.length() + "\"seq\":1,".length());
    }

    @Test
    void a_time_has_three_digits_of_a_second() {
      Event event =
          new Event(SESSION, Covers.of(1), Instant.parse("2026-03-01T09:30:00.0129Z"), text("a"));

      assertThat(event.at()).isEqualTo("2026-03-01T09:30:00.012Z");
      assertThat(codec.encode(event))
          .asString(UTF_8)
          .contains("\"at\":\"2026-03-01T09:30:00.012Z\"");
    }

    @Test
    void half_a_character_is_escaped() {
      Event event = new Event(SESSION, Covers.of(1), AT, text("ä\ud83d"));

      byte[] frame = codec.encode(event);

      assertThat(frame).asString(UTF_8).contains("ä\\uD83D");
      assertThat(codec.decodeEvent(frame)).isEqualTo(event);
    }

    @Test
    void a_character_beyond_the_basic_plane_is_four_bytes() {
      assertThat(codec.encode(new Event(SESSION, Covers.of(1), AT, text("🕰"))))
          .asString(UTF_8)
          .contains("\"🕰\"");
    }

    @Test
    void an_optional_value_that_is_null_is_not_written() {
      EventBody body =
          new EventBody.ToolApproved(
              new TurnId("t1"), new InvocationId("i1"), Optional.of(NullNode.instance), "alice");

      assertThat(codec.encode(new Event(SESSION, Covers.of(1), AT, body)))
          .asString(UTF_8)
          .doesNotContain("arguments");
    }
  }

  @Nested
  class Events_of_newer_nodes {
    @Test
    void an_unknown_event_keeps_its_fields() {
      Event event =
          codec.decodeEvent(
              """
              {"session":"chat-1","at":"2026-03-01T09:30:00.000Z","mood":{"level":3},"seq":5,
               "type":"mood.changed"}
              """
                  .getBytes(UTF_8));

      assertThat(event.body())
          .isEqualTo(
              new EventBody.Unknown(
                  "mood.changed",
                  dev.kantele.protocol.codec.Frames.tree("{\"mood\":{\"level\":3}}")));
      assertThat(event.covers()).isEqualTo(Covers.of(5));
    }

    @Test
    void an_unknown_event_within_a_catchup_is_left_out() {
      Event event =
          codec.decodeEvent(
              """
              {"seq":5,"type":"catchup","session":"chat-1","at":"2026-03-01T09:30:00.000Z",
               "events":[{"type":"mood.delta","mood":3},
                         {"type":"text.delta","turn":"t1","stream":"s1","part":0,"text":"a"}]}
              """
                  .getBytes(UTF_8));

      assertThat(event.body())
          .isEqualTo(new EventBody.Catchup(List.of((EventBody.Live) text("a"))));
    }

    @Test
    void unknown_fields_are_ignored() {
      Event event =
          codec.decodeEvent(
              """
              {"seq":5,"covers":[2,5],"type":"turn.started","session":"chat-1",
               "at":"2026-03-01T09:30:00.000Z","turn":"t1","x-mood":[{}]}
              """
                  .getBytes(UTF_8));

      assertThat(event.body()).isEqualTo(new EventBody.TurnStarted(new TurnId("t1")));
      assertThat(event.covers()).isEqualTo(new Covers(2, 5));
    }
  }

  @Nested
  class Frames_that_a_client_cannot_read {
    @Test
    void an_event_without_a_field_that_it_needs_is_refused() {
      assertNoEvent("{\"seq\":5,\"type\":\"turn.started\",\"session\":\"s\",\"at\":\"%s\"}");
      assertNoEvent("{\"type\":\"turn.started\",\"turn\":\"t\",\"session\":\"s\",\"at\":\"%s\"}");
      assertNoEvent("{\"seq\":5,\"type\":\"turn.started\",\"turn\":\"t\",\"at\":\"%s\"}");
      assertNoEvent("{\"seq\":5,\"session\":\"s\",\"turn\":\"t\",\"at\":\"%s\"}");
      assertNoEvent("{\"seq\":5,\"type\":\"turn.started\",\"session\":\"s\",\"turn\":\"t\"}");
    }

    @Test
    void an_event_with_a_field_of_another_type_is_refused() {
      String event = "{\"seq\":%s,\"type\":\"turn.started\",\"session\":\"s\",\"turn\":%s,";
      assertNoEvent(event.formatted("\"5\"", "\"t\"") + "\"at\":\"%s\"}");
      assertNoEvent(event.formatted("5.0", "\"t\"") + "\"at\":\"%s\"}");
      assertNoEvent(event.formatted("5", "7") + "\"at\":\"%s\"}");
      assertNoEvent(event.formatted("5", "\"t\"") + "\"at\":1772357400000}");
    }

    @Test
    void what_is_no_reply_is_refused() {
      for (String frame :
          List.of(
              "",
              "[]",
              "{\"type\":\"ack\"}",
              "{\"type\":\"pong\"}",
              "{\"type\":\"tell\"}",
              "{\"type\":\"pong\",\"re\":\"c1\"} {}",
              "{\"type\":\"ack\",\"re\":\"c1\",\"log\":\"l\",\"last_seq\":-1,\"next_seq\":1}")) {
        assertThatThrownBy(() -> codec.decodeReply(frame.getBytes(UTF_8)))
            .as(frame)
            .isInstanceOf(WireFormatException.class);
      }
    }

    private void assertNoEvent(String frame) {
      String json = frame.replace("%s", AT.toString());
      assertThatThrownBy(() -> codec.decodeEvent(json.getBytes(UTF_8)))
          .as(json)
          .isInstanceOf(WireFormatException.class);
    }
  }

  @Test
  void a_token_is_written_to_the_wire_and_nowhere_else() {
    var refresh = new Command.AuthRefresh(new CommandId("c1"), new Secret("t0ken"));

    assertThat(codec.encode(refresh)).asString(UTF_8).contains("\"token\":\"t0ken\"");
    assertThat(refresh.toString()).doesNotContain("t0ken");
  }
}
