package dev.kantele.runtime.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class FrameWriterTest {
  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void a_text_is_one_frame_without_mask() {
    assertThat(FrameWriter.text(bytes('H', 'i'))).isEqualTo(bytes(0x81, 2, 'H', 'i'));
  }

  @Test
  void lengths_take_as_few_bytes_as_they_need() {
    assertThat(FrameWriter.textHeader(125)).isEqualTo(bytes(0x81, 125));
    assertThat(FrameWriter.textHeader(126)).isEqualTo(bytes(0x81, 126, 0, 126));
    assertThat(FrameWriter.textHeader(65_535)).isEqualTo(bytes(0x81, 126, 0xFF, 0xFF));
    assertThat(FrameWriter.textHeader(65_536)).isEqualTo(bytes(0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void a_pong_carries_what_the_ping_did() {
    assertThat(FrameWriter.pong(ByteString.fromString("x"))).isEqualTo(bytes(0x8A, 1, 'x'));
    assertThat(FrameWriter.ping()).isEqualTo(bytes(0x89, 0));
  }

  @Test
  void a_close_carries_code_and_reason() {
    assertThat(FrameWriter.close(CloseCode.REPLACED, "no"))
        .isEqualTo(bytes(0x88, 4, 0x11, 0x39, 'n', 'o'));
    assertThat(FrameWriter.closeEcho(OptionalInt.of(1000))).isEqualTo(bytes(0x88, 2, 0x03, 0xE8));
    assertThat(FrameWriter.closeEcho(OptionalInt.empty())).isEqualTo(bytes(0x88, 0));
  }

  @Test
  void a_reason_that_is_too_long_is_cut_between_two_characters() {
    byte[] close = FrameWriter.close(CloseCode.NORMAL, "€".repeat(100));

    assertThat(close).hasSizeLessThanOrEqualTo(2 + 125);
    assertThat(new String(Arrays.copyOfRange(close, 4, close.length), StandardCharsets.UTF_8))
        .isEqualTo("€".repeat(41));
  }
}
