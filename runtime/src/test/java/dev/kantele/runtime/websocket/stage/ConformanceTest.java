package dev.kantele.runtime.websocket.stage;

import static dev.kantele.runtime.websocket.stage.PeerFrame.close;
import static dev.kantele.runtime.websocket.stage.PeerFrame.frame;
import static dev.kantele.runtime.websocket.stage.PeerFrame.hex;
import static dev.kantele.runtime.websocket.stage.PeerFrame.ping;
import static dev.kantele.runtime.websocket.stage.PeerFrame.text;
import static dev.kantele.runtime.websocket.stage.PeerFrame.utf8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases of the Autobahn test suite, sections 1 to 5, 7, 9 and 10, against an echo of the public
 * stage in both roles.
 */
final class ConformanceTest {
  private static final Conformance CASES = new Conformance();

  private static final int TEXT = 0x01;
  private static final int BINARY = 0x02;
  private static final int CONTINUATION = 0x00;
  private static final int FIN = 0x80;

  @AfterAll
  static void stop() {
    CASES.close();
  }

  private static String echo(String text) {
    return EchoPeer.line(1, utf8(text));
  }

  private static String pong(String data) {
    return EchoPeer.line(10, utf8(data));
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  /** A message in fragments of at most {@code step} bytes. */
  private static PeerFrame[] fragments(int opcode, byte[] message, int step) {
    var frames = new ArrayList<PeerFrame>();
    for (int at = 0; at < message.length; at += step) {
      int end = Math.min(message.length, at + step);
      frames.add(
          new PeerFrame(
              (at == 0 ? opcode : CONTINUATION) | (end == message.length ? FIN : 0),
              Arrays.copyOfRange(message, at, end)));
    }
    return frames.toArray(PeerFrame[]::new);
  }

  /** Section 1. */
  @Nested
  class Messages {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536})
    void of_every_form_of_length_come_back(int length) {
      byte[] text = filled(length, '*');
      byte[] binary = filled(length, 0xFE);

      CASES.isEchoed(List.of(EchoPeer.line(1, text)), new PeerFrame(FIN | TEXT, text));
      CASES.isEchoed(List.of(EchoPeer.line(2, binary)), new PeerFrame(FIN | BINARY, binary));
    }
  }

  /** Section 2. */
  @Nested
  class Pings {
    @ParameterizedTest
    @ValueSource(strings = {"", "Hello, world!"})
    void are_answered_with_their_data(String data) {
      CASES.isEchoed(List.of(pong(data)), ping(data));
    }

    @Test
    void with_binary_data_and_of_125_bytes_are_answered() {
      CASES.isEchoed(List.of("pong 00fffefdfcfb00ff"), hex(0x89, "00fffefdfcfb00ff"));
      CASES.isEchoed(
          List.of(EchoPeer.line(10, filled(125, 0xFE))), new PeerFrame(0x89, filled(125, 0xFE)));
    }

    @Test
    void of_126_bytes_are_refused() {
      CASES.isRefused(1002, List.of(), new PeerFrame(0x89, filled(126, 0xFE)));
    }

    @Test
    void ten_at_a_time_are_answered_one_by_one() {
      var pings = new ArrayList<PeerFrame>();
      var pongs = new ArrayList<String>();
      for (int i = 0; i < 10; i++) {
        pings.add(ping("payload-" + i));
        pongs.add(pong("payload-" + i));
      }
      CASES.isEchoed(pongs, pings.toArray(PeerFrame[]::new));
    }

    @Test
    void are_answered_and_pongs_that_nobody_asked_for_are_not() {
      CASES.isEchoed(List.of(), frame(0x8A, ""));
      CASES.isEchoed(List.of(), frame(0x8A, "unsolicited"));
      CASES.isEchoed(List.of(pong("my ping")), frame(0x8A, "unsolicited"), ping("my ping"));
    }
  }

  /** Section 3. */
  @Nested
  class ReservedBits {
    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70})
    void are_refused_after_what_came_before_is_echoed(int bits) {
      CASES.isRefused(1002, List.of(), frame(FIN | TEXT | bits, "Hello"));
      CASES.isRefused(1002, List.of(), frame(FIN | BINARY | bits, "Hello"));
      CASES.isRefused(1002, List.of(), frame(0x89 | bits, "ping"));
      CASES.isRefused(1002, List.of(), new PeerFrame(0x88 | bits, new byte[] {3, (byte) 0xE8}));
      CASES.isRefused(
          1002,
          List.of(echo("small")),
          text("small"),
          frame(FIN | TEXT | bits, "small"),
          ping("later"));
    }
  }

  /** Section 4. */
  @Nested
  class ReservedOpcodes {
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void are_refused_after_what_came_before_is_echoed(int opcode) {
      CASES.isRefused(1002, List.of(), frame(FIN | opcode, ""));
      CASES.isRefused(1002, List.of(), frame(FIN | opcode, "reserved"));
      CASES.isRefused(
          1002, List.of(echo("small")), text("small"), frame(FIN | opcode, "again"), ping("later"));
    }
  }

  /** Section 5. */
  @Nested
  class Fragments {
    @ParameterizedTest
    @ValueSource(ints = {0x09, 0x0A})
    void of_control_frames_are_refused(int opcode) {
      CASES.isRefused(
          1002, List.of(), frame(opcode, "fragment1"), frame(FIN | CONTINUATION, "fragment2"));
    }

    @Test
    void make_up_a_message() {
      CASES.isEchoed(
          List.of(echo("fragment1fragment2")),
          frame(TEXT, "fragment1"),
          frame(FIN | CONTINUATION, "fragment2"));
    }

    @Test
    void let_pings_pass_which_are_answered_before_the_message() {
      CASES.isEchoed(
          List.of(pong("ping"), echo("fragment1fragment2")),
          frame(TEXT, "fragment1"),
          ping("ping"),
          frame(FIN | CONTINUATION, "fragment2"));
      CASES.isEchoed(
          List.of(pong("pongme 1!"), pong("pongme 2!"), echo("12345")),
          frame(TEXT, "1"),
          frame(CONTINUATION, "2"),
          ping("pongme 1!"),
          frame(CONTINUATION, "3"),
          frame(CONTINUATION, "4"),
          ping("pongme 2!"),
          frame(FIN | CONTINUATION, "5"));
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTINUATION, FIN | CONTINUATION})
    void without_a_beginning_are_refused(int first) {
      CASES.isRefused(1002, List.of(), frame(first, "non-continuation"), text("Hello"));
      CASES.isRefused(
          1002,
          List.of(echo("fragment1fragment2")),
          frame(TEXT, "fragment1"),
          frame(FIN | CONTINUATION, "fragment2"),
          frame(first, "fragment3"),
          frame(TEXT, "fragment4"),
          frame(FIN | CONTINUATION, "fragment5"));
    }

    @Test
    void of_two_messages_at_once_are_refused() {
      CASES.isRefused(1002, List.of(), frame(TEXT, "fragment1"), frame(FIN | TEXT, "fragment2"));
      CASES.isRefused(1002, List.of(), frame(TEXT, "fragment1"), frame(BINARY, "fragment2"));
    }

    @ParameterizedTest
    @CsvSource({"1", "1300", "65536"})
    void of_a_long_message_may_have_any_size(int step) {
      byte[] message = filled(step == 1 ? 2_000 : 65_536, '*');
      CASES.isEchoed(List.of(EchoPeer.line(1, message)), fragments(TEXT, message, step));
      CASES.isEchoed(List.of(EchoPeer.line(2, message)), fragments(BINARY, message, step));
    }
  }

  /** Section 7. */
  @Nested
  class Closing {
    @Test
    void comes_after_the_echo_of_what_came_before() {
      CASES.isEchoed(List.of(echo("Hello World!")), text("Hello World!"));
    }

    @Test
    void ends_what_is_read() {
      List<String> expected = List.of("close 1000", "1000 by the peer");
      PeerFrame end = close(1000, "");
      CASES.gives(Optional.empty(), expected, List.of(end, end));
      CASES.gives(Optional.empty(), expected, List.of(end, ping("later")));
      CASES.gives(Optional.empty(), expected, List.of(end, text("later")));
      CASES.gives(
          Optional.empty(),
          expected,
          List.of(frame(TEXT, "fragment1"), end, frame(FIN | CONTINUATION, "fragment2")));
    }

    @Test
    void comes_after_the_echo_of_a_large_message() {
      byte[] large = filled(256 * 1024, '*');
      CASES.gives(
          Optional.empty(),
          List.of(EchoPeer.line(1, large), echo("Hello"), "close 1000", "1000 by the peer"),
          List.of(new PeerFrame(FIN | TEXT, large), text("Hello"), close(1000, ""), ping("later")));
    }

    @Test
    void needs_no_code() {
      CASES.gives(
          Optional.empty(),
          List.of("close ", "1005 by the peer"),
          List.of(new PeerFrame(0x88, new byte[0])));
    }

    @Test
    void with_half_a_code_or_too_long_a_reason_is_refused() {
      CASES.isRefused(1002, List.of(), new PeerFrame(0x88, new byte[] {'a'}));
      CASES.isRefused(1002, List.of(), close(1000, "*".repeat(124)));
    }

    @Test
    void may_have_a_reason_of_123_bytes_which_is_text() {
      CASES.gives(
          Optional.empty(),
          List.of("close 1000", "1000 by the peer"),
          List.of(close(1000, "*".repeat(123))));
      CASES.isRefused(1007, List.of(), hex(0x88, "03e8cebae1bdb9cf83cebcceb5eda080656469746564"));
    }

    @ParameterizedTest
    @ValueSource(
        ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999})
    void with_a_code_that_may_be_sent_is_answered_with_it(int code) {
      CASES.gives(
          Optional.empty(),
          List.of("close " + code, code + " by the peer"),
          List.of(close(code, "reason")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
    void with_a_code_that_must_not_be_sent_is_refused(int code) {
      CASES.isRefused(1002, List.of(), close(code, "reason"));
      CASES.isRefused(1002, List.of(), close(code, ""));
    }
  }

  /** Sections 9 and 10. */
  @Nested
  class LargeMessages {
    @ParameterizedTest
    @ValueSource(ints = {262_144, 1_048_576, 4_194_304})
    void come_back_whole_and_in_fragments(int length) {
      byte[] message = filled(length, '*');
      CASES.isEchoed(List.of(EchoPeer.line(1, message)), new PeerFrame(FIN | TEXT, message));
      CASES.isEchoed(List.of(EchoPeer.line(2, message)), new PeerFrame(FIN | BINARY, message));
      CASES.isEchoed(List.of(EchoPeer.line(1, message)), fragments(TEXT, message, 4_096));
      CASES.isEchoed(List.of(EchoPeer.line(2, message)), fragments(BINARY, message, 65_536));
    }

    @Test
    void and_many_small_ones_come_back_in_their_order() {
      var frames = new ArrayList<PeerFrame>();
      var expected = new ArrayList<String>();
      for (int i = 0; i < 3_000; i++) {
        frames.add(text("message " + i));
        expected.add(echo("message " + i));
      }
      CASES.isEchoed(expected, frames.toArray(PeerFrame[]::new));
    }
  }
}
