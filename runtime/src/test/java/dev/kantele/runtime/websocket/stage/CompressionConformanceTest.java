package dev.kantele.runtime.websocket.stage;

import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.deflate.Deflation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same for sections 12 and 13: compressed messages. */
final class CompressionConformanceTest {
  private static final Conformance CASES = new Conformance();

  private static final int RSV1 = 0x40;

  @AfterAll
  static void stop() {
    CASES.close();
  }

  private static byte[] json(Random random, int length) {
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append("{\"id\":").append(random.nextInt(10_000)).append(",\"text\":\"Käse\"}");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] cut = Arrays.copyOf(bytes, length);
    if (cut[length - 1] == (byte) 0xC3) {
      // Not within a character.
      cut[length - 1] = '}';
    }
    return cut;
  }

  private static byte[] compressed(Deflation deflation, byte[] message, boolean last) {
    int bytes = deflation.deflate(message, 0, message.length, last);
    return Arrays.copyOf(deflation.output(), bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "16, 40, true, 15",
    "64, 40, true, 15",
    "256, 40, false, 15",
    "1024, 30, true, 9",
    "4096, 20, false, 9",
    "8192, 10, true, 8",
    "16384, 6, true, 15",
    "65536, 4, false, 15",
    "131072, 4, true, 11"
  })
  void messages_come_back_whatever_was_agreed_on(
      int length, int messages, boolean context, int windowBits) {
    var settings = new DeflateSettings(1, 0, context, context, windowBits, windowBits);
    var random = new Random(length);
    var frames = new ArrayList<PeerFrame>();
    var expected = new ArrayList<String>();
    try (var peer = new Deflation(9, context, windowBits)) {
      for (int i = 0; i < messages; i++) {
        byte[] message = json(random, length);
        int opcode = 1 + i % 2;
        frames.add(new PeerFrame(0x80 | RSV1 | opcode, compressed(peer, message, true)));
        expected.add(EchoPeer.line(opcode, message));
      }
    }
    frames.add(PeerFrame.close(1000, ""));
    expected.addAll(List.of("close 1000", "1000 by the peer"));

    CASES.gives(Optional.of(settings), expected, frames);
  }

  @Test
  void fragments_of_a_compressed_message_come_back_as_a_message() {
    byte[] half = "half a message, ".getBytes(StandardCharsets.UTF_8);
    try (var peer = new Deflation(9, true, 15)) {
      CASES.gives(
          Optional.of(DeflateSettings.DEFAULT),
          List.of(
              EchoPeer.line(10, new byte[0]),
              EchoPeer.line(1, "half a message, half a message, ".getBytes(StandardCharsets.UTF_8)),
              "close 1000",
              "1000 by the peer"),
          List.of(
              new PeerFrame(RSV1 | 1, compressed(peer, half, false)),
              PeerFrame.ping(""),
              new PeerFrame(0x80, compressed(peer, half, true)),
              PeerFrame.close(1000, "")));
    }
  }

  @Test
  void what_is_wrong_is_refused() {
    Optional<DeflateSettings> agreed = Optional.of(DeflateSettings.DEFAULT);
    CASES.gives(
        agreed, List.of("close 1007", "1007 by the echo"), List.of(PeerFrame.hex(0xC1, "ffff")));
    CASES.gives(
        agreed, List.of("close 1002", "1002 by the echo"), List.of(PeerFrame.frame(0xC9, "ping")));
    CASES.gives(
        agreed, List.of("close 1002", "1002 by the echo"), List.of(PeerFrame.frame(0xA1, "text")));
  }
}
