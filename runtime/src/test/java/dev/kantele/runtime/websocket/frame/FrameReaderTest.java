package dev.kantele.runtime.websocket.frame;

import static dev.kantele.runtime.websocket.frame.ClientFrames.BINARY;
import static dev.kantele.runtime.websocket.frame.ClientFrames.CLOSE;
import static dev.kantele.runtime.websocket.frame.ClientFrames.CONTINUATION;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PONG;
import static dev.kantele.runtime.websocket.frame.ClientFrames.TEXT;
import static dev.kantele.runtime.websocket.frame.ClientFrames.close;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.header;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static dev.kantele.runtime.websocket.frame.ClientFrames.unmasked;
import static dev.kantele.runtime.websocket.frame.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
  private static final int MAX = 100_000;

  private final FrameReader reader = new FrameReader(MAX);

  private List<Incoming> read(byte[]... frames) {
    ByteString bytes = ByteString.emptyByteString();
    for (byte[] frame : frames) {
      bytes = bytes.concat(ByteString.fromArray(frame));
    }
    reader.offer(bytes);
    var read = new ArrayList<Incoming>();
    for (Optional<Incoming> next = reader.next(); next.isPresent(); next = reader.next()) {
      read.add(next.get());
    }
    return read;
  }

  private static Incoming closed(int code) {
    return new Incoming.Close(OptionalInt.of(code));
  }

  @Nested
  class Messages {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, MAX})
    void of_each_kind_of_length_are_read(int length) {
      String text = "x".repeat(length);

      assertThat(read(text(text))).containsExactly(new Incoming.Text(text));
    }

    @Test
    void that_come_together_are_read_one_by_one() {
      assertThat(read(text("a"), text("ö€😀"), text("c")))
          .containsExactly(
              new Incoming.Text("a"), new Incoming.Text("ö€😀"), new Incoming.Text("c"));
    }

    @Test
    void are_put_together_from_fragments_with_pings_between_them() {
      byte[] euro = utf8("€");

      List<Incoming> read =
          read(
              frame(false, TEXT, new byte[] {euro[0]}),
              frame(true, PING, utf8("a")),
              frame(false, CONTINUATION, new byte[] {euro[1]}),
              frame(false, CONTINUATION, new byte[0]),
              frame(true, PONG, utf8("b")),
              frame(true, CONTINUATION, new byte[] {euro[2]}));

      assertThat(read)
          .containsExactly(
              new Incoming.Ping(ByteString.fromString("a")),
              new Incoming.Pong(),
              new Incoming.Text("€"));
    }

    @Test
    void come_out_whole_however_the_bytes_are_cut() {
      byte[] bytes = text("one message of some length, and then some");
      var read = new ArrayList<Incoming>();
      for (byte b : bytes) {
        read.addAll(read(new byte[] {b}));
      }

      assertThat(read)
          .containsExactly(new Incoming.Text("one message of some length, and then some"));
    }

    @Test
    void may_be_as_large_again_after_a_large_one() {
      assertThat(read(text("x".repeat(MAX)), text("y".repeat(MAX)))).hasSize(2);
    }
  }

  @Nested
  class Violations {
    private void violates(CloseCode code, byte[]... frames) {
      List<Incoming> read = read(frames);

      assertThat(read)
          .singleElement()
          .isInstanceOfSatisfying(
              Incoming.Violation.class, violation -> assertThat(violation.code()).isEqualTo(code));
      assertThat(read(text("later"), close(1000, "")))
          .as("what follows: nothing but a close frame")
          .containsExactly(new Incoming.Close(OptionalInt.empty()));
    }

    @Test
    void an_unmasked_frame() {
      violates(CloseCode.PROTOCOL_ERROR, unmasked(TEXT, utf8("x")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10})
    void a_reserved_bit(int bit) {
      byte[] frame = text("x");
      frame[0] |= (byte) bit;
      violates(CloseCode.PROTOCOL_ERROR, frame);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void a_reserved_opcode(int opcode) {
      violates(CloseCode.PROTOCOL_ERROR, frame(true, opcode, new byte[0]));
    }

    @Test
    void a_binary_message() {
      violates(CloseCode.UNSUPPORTED_DATA, frame(true, BINARY, utf8("{}")));
    }

    @Test
    void a_continuation_of_nothing() {
      violates(CloseCode.PROTOCOL_ERROR, frame(true, CONTINUATION, utf8("x")));
    }

    @Test
    void a_message_within_a_message() {
      violates(CloseCode.PROTOCOL_ERROR, frame(false, TEXT, utf8("x")), text("y"));
    }

    @Test
    void a_control_frame_in_fragments() {
      violates(CloseCode.PROTOCOL_ERROR, frame(false, PING, utf8("x")));
    }

    @Test
    void a_control_frame_of_126_bytes() {
      violates(CloseCode.PROTOCOL_ERROR, frame(true, PING, new byte[126]));
    }

    @Test
    void a_length_in_more_bytes_than_it_needs() {
      byte[] payload = new byte[5];
      violates(
          CloseCode.PROTOCOL_ERROR,
          new byte[] {(byte) 0x81, (byte) 0xFE, 0, 5, 0, 0, 0, 0},
          payload);
    }

    @Test
    void a_length_whose_highest_bit_is_set() {
      assertThat(read(header(true, TEXT, Long.MIN_VALUE)))
          .singleElement()
          .isInstanceOf(Incoming.Violation.class);
    }

    @Test
    void text_that_is_no_utf_8() {
      violates(CloseCode.INVALID_TEXT, frame(true, TEXT, new byte[] {'a', (byte) 0xC0, 'b'}));
    }

    @Test
    void text_that_ends_within_a_character() {
      violates(CloseCode.INVALID_TEXT, frame(true, TEXT, new byte[] {(byte) 0xE2, (byte) 0x82}));
    }

    @Test
    void a_frame_that_is_too_large_before_its_payload_comes() {
      List<Incoming> read = read(header(true, TEXT, MAX + 1));

      assertThat(read)
          .containsExactly(
              new Incoming.Violation(
                  CloseCode.MESSAGE_TOO_BIG, "A message may have 100000 bytes at the most."));
      assertThat(read(new byte[MAX + 1], close(1000, "")))
          .containsExactly(new Incoming.Close(OptionalInt.empty()));
    }

    @Test
    void fragments_that_are_too_large_together() {
      violates(
          CloseCode.MESSAGE_TOO_BIG,
          frame(false, TEXT, new byte[MAX]),
          frame(true, CONTINUATION, new byte[1]));
    }
  }

  @Nested
  class Closing {
    @Test
    void without_a_code() {
      assertThat(read(frame(true, CLOSE, new byte[0])))
          .containsExactly(new Incoming.Close(OptionalInt.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999})
    void with_a_code_that_may_be_sent(int code) {
      assertThat(read(close(code, "why €"))).containsExactly(closed(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535})
    void with_a_code_that_must_not_be_sent(int code) {
      assertThat(read(close(code, "")))
          .containsExactly(
              new Incoming.Violation(
                  CloseCode.PROTOCOL_ERROR, "Close code " + code + " must not be sent."));
    }

    @Test
    void with_half_a_code() {
      assertThat(read(frame(true, CLOSE, new byte[1])))
          .singleElement()
          .isInstanceOf(Incoming.Violation.class);
    }

    @Test
    void with_a_reason_that_is_no_utf_8() {
      assertThat(read(frame(true, CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xFF})))
          .containsExactly(
              new Incoming.Violation(CloseCode.INVALID_TEXT, "The text is not valid UTF-8."));
    }

    @Test
    void ends_what_is_read() {
      assertThat(read(close(1000, ""), text("later"))).containsExactly(closed(1000));
    }

    @Test
    void by_this_side_skips_the_rest_of_a_message_and_all_others() {
      read(header(true, TEXT, 10), new byte[4]);

      reader.discard();

      assertThat(read(new byte[6], text("x"), unmasked(TEXT, utf8("y")), close(4000, "")))
          .containsExactly(new Incoming.Close(OptionalInt.empty()));
    }
  }
}
