package dev.kantele.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever bytes a client sends, the outcome is a command or a nack that can be sent. */
class FuzzProperties {
  private static final List<Golden> COMMANDS = Golden.all("command");
  private static final List<String> FRAGMENTS =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "[[",
          "{\"a\":",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "\\udc00\\ud800",
          "1e999999999",
          "-1e-999999999",
          "9".repeat(40),
          "9".repeat(5_000),
          "9007199254740992",
          "-1",
          "1.0",
          "1e3",
          "-0",
          "NaN",
          "\"id\":\"c1\",",
          "\"type\":\"x-a\",",
          "\u0000",
          "\ufeff",
          "'",
          "/**/",
          "[".repeat(70),
          "{\"a\":".repeat(70),
          "]".repeat(70),
          "\"" + "a".repeat(70_000) + "\"",
          "é",
          "🕰",
          ",",
          ":");

  private final WireCodec codec = new WireCodec();
  private final WireCodec small = new WireCodec(new CodecLimits(4_000, 8, 256, 16, 4, 16, 1, 1));

  @Property(tries = 2_000)
  void any_bytes_have_an_outcome(@ForAll byte[] frame) {
    assertOutcome(frame);
  }

  @Property(tries = 1_000)
  void any_text_has_an_outcome(@ForAll String frame) {
    assertOutcome(codec.decodeCommand(frame));
    assertOutcome(small.decodeCommand("{\"id\":\"" + frame + "\",\"type\":\"ping\"}"));
  }

  @Property(tries = 5_000)
  void a_damaged_command_has_an_outcome(@ForAll Random random) {
    byte[] frame = COMMANDS.get(random.nextInt(COMMANDS.size())).json().getBytes(UTF_8);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      frame = damage(frame, random);
    }
    assertOutcome(frame);
  }

  private static byte[] damage(byte[] frame, Random random) {
    int from = random.nextInt(frame.length + 1);
    int to = Math.min(frame.length, from + random.nextInt(12));
    byte[] piece =
        switch (random.nextInt(4)) {
          case 0 -> new byte[0];
          case 1 -> FRAGMENTS.get(random.nextInt(FRAGMENTS.size())).getBytes(UTF_8);
          case 2 -> new byte[] {(byte) random.nextInt(256)};
          default -> slice(frame, random);
        };
    var damaged = new ByteArrayOutputStream();
    damaged.write(frame, 0, from);
    damaged.writeBytes(piece);
    damaged.write(frame, to, frame.length - to);
    return damaged.toByteArray();
  }

  private static byte[] slice(byte[] frame, Random random) {
    int from = random.nextInt(frame.length + 1);
    int to = random.nextInt(from, frame.length + 1);
    return java.util.Arrays.copyOfRange(frame, from, to);
  }

  private void assertOutcome(byte[] frame) {
    assertOutcome(codec.decodeCommand(frame));
    assertOutcome(small.decodeCommand(frame));
    String text = new String(frame, UTF_8);
    assertOutcome(codec.decodeCommand(text));
    assertOutcome(small.decodeCommand(text));
  }

  private void assertOutcome(Decoded<Command> decoded) {
    switch (decoded) {
      case Decoded.Ok<Command>(var command) ->
          assertThat(Frames.accepted(codec.decodeCommand(codec.encode(command))))
              .isEqualTo(command);
      case Decoded.Rejected<Command> rejected -> {
        Reply.Nack nack = rejected.nack();
        assertThat(nack.error().code())
            .isIn(
                ErrorCode.INVALID_MESSAGE,
                ErrorCode.INVALID_ARGUMENT,
                ErrorCode.UNKNOWN_TYPE,
                ErrorCode.LIMIT_EXCEEDED);
        assertThat(nack.error().message())
            .endsWith(".")
            .hasSizeLessThan(400)
            .doesNotContain("Exception", "com.fasterxml", "dev.kantele", "\n");
        assertThat(codec.decodeReply(codec.encode(nack))).isEqualTo(nack);
      }
    }
  }
}
