package dev.kantele.runtime.websocket.frame;

import static dev.kantele.runtime.websocket.frame.ClientFrames.unmasked;
import static dev.kantele.runtime.websocket.frame.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FramesTest {
  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.fromArray(bytes);
  }

  @Nested
  class Built {
    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 65_535, 65_536})
    void lengths_take_as_few_bytes_as_they_need(int length) {
      String text = "x".repeat(length);

      assertThat(Frames.text(text).wireForm().toArray()).isEqualTo(unmasked(1, utf8(text)));
    }

    @Test
    void frames_stand_one_after_the_other() {
      Frames frames =
          Frames.builder()
              .text("ö")
              .binary(bytes(1, 2))
              .ping(bytes(3))
              .pong(bytes())
              .close(1001, "bye")
              .build();

      assertThat(frames.wireForm())
          .isEqualTo(
              bytes(
                  0x81, 2, 0xC3, 0xB6, 0x82, 2, 1, 2, 0x89, 1, 3, 0x8A, 0, 0x88, 5, 0x03, 0xE9, 'b',
                  'y', 'e'));
      assertThat(frames.count()).isEqualTo(5);
      assertThat(frames.text(0)).isEqualTo("ö");
      assertThat(frames.payload(1)).isEqualTo(bytes(1, 2));
      assertThat(frames.opcode(2)).isEqualTo(Opcode.PING);
      assertThat(frames.payloadBytes(3)).isZero();
      assertThat(frames.closeCode(4)).hasValue(1001);
      assertThat(frames.closeReason(4)).isEqualTo("bye");
    }

    @Test
    void messages_leave_out_control_frames() {
      Frames messages = Frames.text("a");

      assertThat(messages.messages()).isSameAs(messages);
      assertThat(
              Frames.builder().ping(bytes()).text("a").pong(bytes()).build().messages().wireForm())
          .isEqualTo(messages.wireForm());
    }

    @Test
    void a_reason_that_is_too_long_is_cut_between_two_characters() {
      Frames close = Frames.close(1000, "€".repeat(100));

      assertThat(close.payloadBytes(0)).isLessThanOrEqualTo(125);
      assertThat(close.closeReason(0)).isEqualTo("€".repeat(41));
    }

    @Test
    void a_builder_begins_anew_and_leaves_its_batch_alone() {
      FramesBuilder builder = Frames.builder().text("one");
      Frames one = builder.build();

      Frames two = builder.text("two").text("more").build();

      assertThat(one.wireForm()).isEqualTo(Frames.text("one").wireForm());
      assertThat(two.count()).isEqualTo(2);
      assertThat(builder.build()).isSameAs(Frames.NONE);
    }

    @Test
    void what_can_not_be_sent_is_refused() {
      FramesBuilder closed = Frames.builder().close(1000, "");

      assertThatThrownBy(() -> closed.text("later"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a frame after the close frame (expected: none)");
      assertThatThrownBy(() -> Frames.close(1005, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("code: 1005 (expected: 1000..1003, 1007..1014 or 3000..4999)");
      assertThatThrownBy(() -> Frames.builder().ping(ByteString.fromArray(new byte[126])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("data: 126 bytes (expected: at most 125)");
      assertThatThrownBy(() -> Frames.text("a").opcode(1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void their_text_says_nothing_of_their_contents() {
      assertThat(Frames.text("secret")).hasToString("Frames[1 of 8 bytes]");
    }
  }

  @Nested
  class Encoded {
    @Test
    void by_a_server_they_are_sent_as_they_are() {
      Frames frames = Frames.text("a");

      assertThat(FrameEncoder.server().encode(frames)).isEqualTo(frames.wireForm());
    }

    @Test
    void by_a_client_each_has_a_mask_of_its_own() {
      int[] keys = {0x0403_0201, 0x0807_0605};
      var next = new int[1];
      FrameEncoder client = FrameEncoder.client(() -> keys[next[0]++]);

      assertThat(client.encode(Frames.builder().binary(bytes(0, 0, 0, 0, 0)).text("").build()))
          .isEqualTo(bytes(0x82, 0x85, 1, 2, 3, 4, 1, 2, 3, 4, 1, 0x81, 0x80, 5, 6, 7, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {125, 126, 65_535, 65_536})
    void by_a_client_they_are_read_by_a_server(int length) {
      Frames frames = Frames.builder().text("x".repeat(length)).text("y").build();
      var decoder =
          new FrameDecoder(FrameRules.of(Role.SERVER, FrameLimits.of(100_000)), Optional.empty());

      decoder.offer(FrameEncoder.client(new MaskingKeys(new SecureRandom())).encode(frames));

      Frames first = decoder.next();
      assertThat(first.text(0)).isEqualTo("x".repeat(length));
      assertThat(first.count() == 2 ? first.text(1) : decoder.next().text(0)).isEqualTo("y");
    }

    @Test
    void masks_do_not_come_again() {
      var keys = new MaskingKeys(new SecureRandom());
      var seen = new HashSet<Integer>();
      for (int i = 0; i < 2_000; i++) {
        seen.add(keys.getAsInt());
      }

      assertThat(seen).hasSizeGreaterThan(1_990);
    }

    @Test
    void fragments_out_of_order_are_refused() {
      var decoder =
          new FrameDecoder(
              FrameRules.of(Role.SERVER, FrameLimits.of(100)).inPieces(), Optional.empty());
      decoder.offer(ByteString.fromArray(ClientFrames.frame(false, 1, utf8("begun"))));
      Frames begun = decoder.next();
      FrameEncoder server = FrameEncoder.server();

      assertThat(server.encode(begun).toArray())
          .isEqualTo(ClientFrames.unmasked(false, 1, "begun".getBytes(StandardCharsets.UTF_8)));
      assertThatThrownBy(() -> server.encode(Frames.text("another")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("frame 0: TEXT (expected: CONTINUATION)");
    }
  }
}
