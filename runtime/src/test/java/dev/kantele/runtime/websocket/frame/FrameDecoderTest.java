package dev.kantele.runtime.websocket.frame;

import static dev.kantele.runtime.websocket.frame.ClientFrames.BINARY;
import static dev.kantele.runtime.websocket.frame.ClientFrames.CLOSE;
import static dev.kantele.runtime.websocket.frame.ClientFrames.CONTINUATION;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PONG;
import static dev.kantele.runtime.websocket.frame.ClientFrames.TEXT;
import static dev.kantele.runtime.websocket.frame.ClientFrames.all;
import static dev.kantele.runtime.websocket.frame.ClientFrames.close;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.header;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static dev.kantele.runtime.websocket.frame.ClientFrames.unmasked;
import static dev.kantele.runtime.websocket.frame.ClientFrames.utf8;
import static dev.kantele.runtime.websocket.frame.ClientFrames.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameDecoderTest {
  private static final int MAX = 100_000;
  private static final FrameRules RULES = FrameRules.of(Role.SERVER, FrameLimits.of(MAX));
  private static final String SKIPPED_CLOSE = "CLOSE ";

  private final FrameDecoder decoder = new FrameDecoder(RULES, Optional.empty());

  private static List<String> read(FrameDecoder decoder, byte[]... bytes) {
    var events = new ArrayList<String>();
    Decoded.offer(decoder, all(bytes), events);
    return events;
  }

  private List<String> read(byte[]... bytes) {
    return read(decoder, bytes);
  }

  private static FrameDecoder of(FrameRules rules) {
    return new FrameDecoder(rules, Optional.empty());
  }

  private static String event(int opcode, String payload) {
    return Decoded.event(opcode, true, utf8(payload));
  }

  @Nested
  class Batches {
    private List<Frames> batches(byte[]... bytes) {
      var batches = new ArrayList<Frames>();
      byte[] all = all(bytes);
      decoder.offer(all, 0, all.length);
      for (Frames batch = decoder.next(); !batch.isEmpty(); batch = decoder.next()) {
        batches.add(batch);
      }
      return batches;
    }

    @Test
    void have_all_frames_of_one_read() {
      assertThat(batches(text("a"), frame(true, PING, utf8("b")), text("c")))
          .singleElement()
          .satisfies(batch -> assertThat(batch.count()).isEqualTo(3));
    }

    @Test
    void are_what_a_server_sends() {
      byte[] sent = all(unmasked(TEXT, utf8("x".repeat(200))), unmasked(BINARY, new byte[3]));

      Frames batch = batches(text("x".repeat(200)), frame(true, BINARY, new byte[3])).getFirst();

      assertThat(batch.wireForm().toArray()).isEqualTo(sent);
    }

    @Test
    void do_not_need_the_array_any_more_once_it_is_kept() {
      byte[] large = new byte[70_000];
      byte[] all = all(frame(true, BINARY, large), text("what follows"));
      decoder.offer(all, 0, all.length);
      assertThat(decoder.next().payloadBytes(0)).isEqualTo(large.length);

      decoder.keep();
      Arrays.fill(all, (byte) 0xFF);

      assertThat(decoder.next().text(0)).isEqualTo("what follows");
      assertThat(decoder.next().isEmpty()).isTrue();
      assertThat(decoder.violation()).isEmpty();
    }

    @Test
    void have_the_end_of_a_small_message_and_what_follows_it() {
      byte[] message = text("a message that comes in two reads");
      batches(Arrays.copyOf(message, 20));

      assertThat(batches(Arrays.copyOfRange(message, 20, message.length), text("next")))
          .singleElement()
          .satisfies(batch -> assertThat(batch.text(1)).isEqualTo("next"));
    }

    @Test
    void stay_as_they_are_when_the_bytes_that_were_read_are_overwritten() {
      byte[] bytes = text("precious");
      decoder.offer(bytes, 0, bytes.length);
      Frames batch = decoder.next();

      Arrays.fill(bytes, (byte) 0);
      assertThat(read(text("other"))).hasSize(1);

      assertThat(batch.text(0)).isEqualTo("precious");
    }

    @Test
    void end_when_they_are_large_however_much_is_there() {
      byte[][] texts = new byte[100][];
      Arrays.setAll(texts, _ -> text("x".repeat(5_000)));

      List<Frames> batches = batches(texts);

      assertThat(batches).hasSizeGreaterThan(4);
      assertThat(batches).allSatisfy(batch -> assertThat(batch.wireBytes()).isLessThan(75_000));
      assertThat(batches.stream().mapToInt(Frames::count).sum()).isEqualTo(100);
    }

    @Test
    void of_a_little_keep_little_memory() {
      Frames batch =
          batches(text("small"), header(true, TEXT, 90_000), new byte[60_000]).getFirst();

      assertThat(batch.text(0)).isEqualTo("small");
      assertThat(batch.array()).hasSizeLessThan(300);
    }

    @Test
    void are_taken_before_more_bytes_are_offered() {
      decoder.offer(text("a"), 0, 7);

      assertThatThrownBy(() -> decoder.offer(text("b"), 0, 7))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("7 bytes are left (expected: none, next() gave an empty batch)");
    }
  }

  @Nested
  class Messages {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, MAX})
    void of_each_form_of_length_are_read(int length) {
      String text = "x".repeat(length);

      assertThat(read(text(text))).containsExactly(event(TEXT, text));
      assertThat(Decoded.inPieces(RULES, Optional.empty(), text(text), 1_000))
          .containsExactly(event(TEXT, text));
    }

    @Test
    void are_put_together_from_fragments_with_control_frames_between_them() {
      byte[] euro = utf8("€");

      List<String> read =
          read(
              frame(false, TEXT, new byte[] {euro[0]}),
              frame(true, PING, utf8("a")),
              frame(false, CONTINUATION, new byte[] {euro[1]}),
              frame(false, CONTINUATION, new byte[0]),
              frame(true, PONG, utf8("b")),
              frame(true, CONTINUATION, new byte[] {euro[2]}));

      assertThat(read).containsExactly(event(PING, "a"), event(PONG, "b"), event(TEXT, "€"));
    }

    @Test
    void may_be_as_large_again_after_a_large_one() {
      assertThat(read(text("x".repeat(MAX)), text("y".repeat(MAX)))).hasSize(2);
    }

    @Test
    void of_a_server_are_not_masked() {
      FrameDecoder client = of(FrameRules.of(Role.CLIENT, FrameLimits.of(MAX)));

      assertThat(read(client, unmasked(TEXT, utf8("a")), unmasked(BINARY, utf8("b"))))
          .containsExactly(event(TEXT, "a"), event(BINARY, "b"));
      assertThat(read(client, text("c"))).containsExactly("violation 1002");
    }

    @Test
    void come_piece_by_piece_where_that_is_wanted() {
      FrameDecoder inPieces = of(RULES.inPieces());

      assertThat(read(inPieces, header(false, BINARY, 10))).isEmpty();
      assertThat(read(inPieces, new byte[4])).singleElement().asString().startsWith("BINARY... ");
      assertThat(read(inPieces, new byte[6]))
          .singleElement()
          .asString()
          .startsWith("CONTINUATION... ");
      assertThat(read(inPieces, frame(true, PING, utf8("p")), frame(true, CONTINUATION, utf8(""))))
          .containsExactly(event(PING, "p"), event(CONTINUATION, ""));
    }
  }

  @Nested
  class Violations {
    private void violates(CloseCode code, byte[]... frames) {
      assertThat(read(frames)).containsExactly("violation " + code.number());
      assertThat(read(text("later"), close(1000, "")))
          .as("what follows: nothing but a close frame")
          .containsExactly(SKIPPED_CLOSE);
    }

    @Test
    void come_after_the_messages_before_them() {
      assertThat(read(text("a"), text("b"), unmasked(TEXT, utf8("x")), close(1000, "")))
          .containsExactly(event(TEXT, "a"), event(TEXT, "b"), "violation 1002", SKIPPED_CLOSE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10})
    void a_reserved_bit(int bit) {
      violates(CloseCode.PROTOCOL_ERROR, with(bit, text("x")));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void a_reserved_opcode(int opcode) {
      violates(CloseCode.PROTOCOL_ERROR, frame(true, opcode, new byte[0]));
    }

    @Test
    void a_binary_message_where_texts_only_are_taken() {
      assertThat(read(of(RULES.textOnly()), text("a"), frame(true, BINARY, utf8("{}"))))
          .containsExactly(event(TEXT, "a"), "violation 1003");
    }

    @Test
    void a_length_in_more_bytes_than_it_needs() {
      violates(
          CloseCode.PROTOCOL_ERROR,
          new byte[] {(byte) 0x81, (byte) 0xFE, 0, 5, 0, 0, 0, 0},
          new byte[5]);
    }

    @Test
    void a_length_whose_highest_bit_is_set() {
      assertThat(read(header(true, TEXT, Long.MIN_VALUE))).containsExactly("violation 1002");
      assertThat(read(new byte[MAX], close(1000, ""))).as("all of it is skipped").isEmpty();
    }

    @Test
    void a_frame_that_is_too_large_before_its_payload_comes() {
      byte[] announced = header(true, TEXT, MAX + 1);
      decoder.offer(announced, 0, announced.length);

      assertThat(decoder.next().isEmpty()).isTrue();
      assertThat(decoder.violation())
          .contains(
              new Violation(
                  CloseCode.MESSAGE_TOO_BIG, "A message may have 100000 bytes at the most."));
      decoder.discard();
      assertThat(read(new byte[MAX + 1], close(1000, ""))).containsExactly(SKIPPED_CLOSE);
    }

    @Test
    void fragments_that_are_too_large_together() {
      violates(
          CloseCode.MESSAGE_TOO_BIG,
          frame(false, TEXT, new byte[MAX]),
          frame(true, CONTINUATION, new byte[1]));
    }

    @Test
    void a_frame_that_is_larger_than_a_frame_may_be() {
      FrameDecoder small = of(FrameRules.of(Role.SERVER, new FrameLimits(10, 100, 100, 100)));

      assertThat(
              read(
                  small, frame(false, TEXT, new byte[10]), frame(true, CONTINUATION, new byte[11])))
          .containsExactly("violation 1009");
    }

    @Test
    void more_fragments_than_a_message_may_have() {
      FrameDecoder few = of(FrameRules.of(Role.SERVER, new FrameLimits(10, 100, 100, 3)));
      byte[] more = frame(false, CONTINUATION, new byte[0]);

      assertThat(read(few, frame(false, TEXT, new byte[0]), more, more)).isEmpty();
      assertThat(read(few, frame(true, CONTINUATION, new byte[0])))
          .containsExactly("violation 1008");
    }

    @Test
    void a_close_frame_that_is_wrong_is_a_close_frame_all_the_same() {
      assertThat(read(close(1005, ""))).containsExactly("violation 1002", SKIPPED_CLOSE);
    }
  }

  @Nested
  class Skipping {
    @Test
    void begins_behind_a_close_frame() {
      assertThat(read(close(4000, "why"), text("later"))).hasSize(1);
      assertThat(read(text("later"))).isEmpty();
    }

    @Test
    void by_this_side_leaves_out_the_rest_of_a_message_and_all_others() {
      read(header(true, BINARY, 10), new byte[4]);

      decoder.discard();

      assertThat(read(new byte[6], text("x"), unmasked(TEXT, utf8("y")), close(4000, "")))
          .containsExactly(SKIPPED_CLOSE);
    }
  }

  @Nested
  class Closes {
    private Frames frames(byte[] close) {
      decoder.offer(close, 0, close.length);
      return decoder.next();
    }

    @Test
    void have_a_code_and_a_reason() {
      Frames frames = frames(close(4000, "why €"));

      assertThat(frames.closeCode(0)).hasValue(4000);
      assertThat(frames.closeReason(0)).isEqualTo("why €");
    }

    @Test
    void need_have_neither() {
      Frames frames = frames(frame(true, CLOSE, new byte[0]));

      assertThat(frames.closeCode(0)).isEmpty();
      assertThat(frames.closeReason(0)).isEmpty();
    }
  }

  /** Bytes that this thread allocates are counted by the JVM. */
  @Nested
  class Memory {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long allocatedBy(Runnable work) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run();
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void grows_with_what_comes_and_not_with_what_is_announced() {
      FrameDecoder large = of(FrameRules.of(Role.SERVER, FrameLimits.of(1 << 30)));
      byte[] header = header(true, TEXT, 1 << 30);
      byte[] first = new byte[100];
      byte[] next = new byte[1_000];
      read(of(RULES), header(true, TEXT, MAX), first, next);

      assertThat(
              allocatedBy(
                  () -> {
                    large.offer(header, 0, header.length);
                    large.next();
                    large.offer(first, 0, first.length);
                    large.next();
                    large.offer(next, 0, next.length);
                    large.next();
                  }))
          .isLessThan(20_000);
    }

    @Test
    void is_not_copied_for_each_of_many_small_fragments() {
      byte[][] fragments = new byte[20_000][];
      Arrays.setAll(fragments, i -> frame(false, i == 0 ? TEXT : CONTINUATION, new byte[1]));
      byte[] bytes = all(fragments);

      assertThat(
              allocatedBy(
                  () -> {
                    decoder.offer(bytes, 0, bytes.length);
                    decoder.next();
                  }))
          .isLessThan(200_000);
    }

    @Test
    void of_small_messages_is_little_more_than_the_messages() {
      byte[][] texts = new byte[100][];
      Arrays.setAll(texts, _ -> text("x".repeat(32)));
      byte[] bytes = all(texts);
      decoder.offer(bytes, 0, bytes.length);
      decoder.next();
      decoder.next();

      assertThat(
              allocatedBy(
                  () -> {
                    decoder.offer(bytes, 0, bytes.length);
                    decoder.next();
                    decoder.next();
                  }))
          .as("34 bytes and 4 of the table for each, and what a batch itself costs")
          .isLessThan(100 * 46);
    }
  }
}
