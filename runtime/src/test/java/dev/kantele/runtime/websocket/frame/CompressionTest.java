package dev.kantele.runtime.websocket.frame;

import static dev.kantele.runtime.websocket.frame.ClientFrames.CONTINUATION;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.TEXT;
import static dev.kantele.runtime.websocket.frame.ClientFrames.all;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static dev.kantele.runtime.websocket.frame.ClientFrames.utf8;
import static dev.kantele.runtime.websocket.frame.ClientFrames.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.deflate.Deflation;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages by permessage-deflate (RFC 7692) between an encoder and a decoder. */
final class CompressionTest {
  private static final int RSV1 = 0x40;
  private static final DeflateParameters KEPT = new DeflateParameters(true, true, 15, 15);
  private static final DeflateParameters DROPPED = new DeflateParameters(false, false, 15, 15);
  private static final FrameRules RULES =
      FrameRules.of(Role.SERVER, new FrameLimits(50_000, 50_000, 100_000, 50));

  private static byte[] deflated(byte[] message) {
    try (var deflation = new Deflation(6, false, 15)) {
      int bytes = deflation.deflate(message, 0, message.length, /* last= */ true);
      return Arrays.copyOf(deflation.output(), bytes);
    }
  }

  private static List<String> read(byte[]... frames) {
    List<String> atOnce = Decoded.events(RULES, Optional.of(KEPT), all(frames));
    assertThat(Decoded.inPieces(RULES, Optional.of(KEPT), all(frames), 7)).isEqualTo(atOnce);
    return atOnce;
  }

  private static String event(String text) {
    return Decoded.event(TEXT, true, utf8(text));
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void what_one_side_compresses_the_other_reads(
      @ForAll long seed,
      @ForAll boolean serverContext,
      @ForAll boolean clientContext,
      @ForAll @IntRange(min = 8, max = 15) int windowBits,
      @ForAll @IntRange(min = 1, max = 500) int pieceBytes) {
    var random = new Random(seed);
    var agreed = new DeflateParameters(serverContext, clientContext, windowBits, windowBits);
    var settings =
        new DeflateSettings(1 + random.nextInt(9), random.nextInt(40), true, true, 15, 15);
    Role role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
    var expected = new ArrayList<String>();
    var batches = new ArrayList<Frames>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      FramesBuilder batch = Frames.builder();
      for (int j = random.nextInt(5); j >= 0; j--) {
        String text = "ab€".repeat(random.nextInt(random.nextInt(10) == 0 ? 2_000 : 30));
        switch (random.nextInt(3)) {
          case 0 -> batch.text(text);
          case 1 -> batch.binary(ByteString.fromArray(utf8(text)));
          default -> batch.ping(ByteString.fromString("ping"));
        }
      }
      batches.add(batch.build());
    }
    Decoded.add(batches, expected);

    ByteString wire = ByteString.emptyByteString();
    try (FrameEncoder encoder =
        role == Role.SERVER
            ? FrameEncoder.client(random::nextInt, agreed, settings)
            : FrameEncoder.server(agreed, settings)) {
      for (Frames batch : batches) {
        wire = wire.concat(encoder.encode(batch));
      }
    }
    FrameRules rules = FrameRules.of(role, FrameLimits.of(10_000));
    assertThat(Decoded.inPieces(rules, Optional.of(agreed), wire.toArray(), pieceBytes))
        .isEqualTo(expected);
    assertThat(Decoded.events(rules, Optional.of(agreed), wire.toArray())).isEqualTo(expected);
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void compressed_bytes_that_were_changed_give_no_other_fault_than_a_violation(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int pieceBytes) {
    var random = new Random(seed);
    byte[] compressed = deflated(utf8("some text, some text, and more text €".repeat(5)));
    compressed[random.nextInt(compressed.length)] ^= (byte) (1 << random.nextInt(8));
    byte[] bytes =
        all(
            with(RSV1, frame(true, TEXT, compressed)),
            with(RSV1, frame(random.nextBoolean(), TEXT, compressed)));

    assertThat(codes(Decoded.inPieces(RULES, Optional.of(KEPT), bytes, pieceBytes)))
        .isEqualTo(codes(Decoded.events(RULES, Optional.of(KEPT), bytes)));
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void any_bytes_give_messages_or_a_violation(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(min = 1, max = 30) int pieceBytes) {
    byte[] frames = all(with(RSV1, frame(false, TEXT, bytes)), bytes);
    for (FrameRules rules : List.of(RULES, RULES.inPieces())) {
      assertThat(codes(Decoded.inPieces(rules, Optional.of(KEPT), frames, pieceBytes)))
          .isEqualTo(codes(Decoded.events(rules, Optional.of(KEPT), frames)));
    }
  }

  private static List<String> codes(List<String> events) {
    return events.stream().filter(event -> event.startsWith("violation")).toList();
  }

  @Nested
  class Messages {
    @Test
    void in_fragments_have_the_bit_in_the_first_one_only() {
      byte[] compressed = hex("f248cdc9c90700");

      assertThat(
              read(
                  with(RSV1, frame(false, TEXT, Arrays.copyOf(compressed, 3))),
                  frame(true, PING, utf8("p")),
                  frame(true, CONTINUATION, Arrays.copyOfRange(compressed, 3, 7))))
          .containsExactly(Decoded.event(PING, true, utf8("p")), event("Hello"));
      assertThat(
              read(
                  with(RSV1, frame(false, TEXT, Arrays.copyOf(compressed, 3))),
                  with(RSV1, frame(true, CONTINUATION, Arrays.copyOfRange(compressed, 3, 7)))))
          .containsExactly("violation 1002");
    }

    @Test
    void that_are_compressed_and_that_are_not_may_alternate() {
      assertThat(
              read(
                  with(RSV1, frame(true, TEXT, hex("f248cdc9c90700"))),
                  text("plain"),
                  with(RSV1, frame(true, TEXT, hex("f200110000")))))
          .containsExactly(event("Hello"), event("plain"), event("Hello"));
    }

    @Test
    void that_are_empty_are_one_byte_and_not_none() {
      assertThat(read(with(RSV1, frame(true, TEXT, hex("00"))))).containsExactly(event(""));
      assertThat(read(with(RSV1, frame(true, TEXT, hex(""))))).containsExactly("violation 1007");
    }

    @Test
    void that_are_many_share_a_batch() {
      byte[] hello = with(RSV1, frame(true, TEXT, hex("000500faff48656c6c6f00")));
      var decoder = new FrameDecoder(RULES, Optional.of(KEPT));
      byte[] bytes = all(hello, text("plain"), hello, hello);

      decoder.offer(bytes, 0, bytes.length);

      assertThat(decoder.next().wireForm())
          .isEqualTo(
              Frames.builder()
                  .text("Hello")
                  .text("plain")
                  .text("Hello")
                  .text("Hello")
                  .build()
                  .wireForm());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 125, 126, 65_535, 65_536, 100_000})
    void of_each_form_of_length_are_inflated(int length) {
      String text = "x".repeat(length);
      byte[] frame = with(RSV1, frame(true, TEXT, deflated(utf8(text))));

      assertThat(read(text("a"), frame, text("b")))
          .containsExactly(event("a"), event(text), event("b"));
    }

    @Test
    void in_pieces_are_inflated_as_they_come() {
      byte[] compressed = deflated(utf8("Hello ".repeat(100)));

      List<String> events =
          Decoded.inPieces(
              RULES.inPieces(), Optional.of(DROPPED), with(RSV1, frame(true, TEXT, compressed)), 5);

      assertThat(events).hasSizeGreaterThan(2);
      assertThat(events.getFirst()).startsWith("TEXT... ");
      assertThat(events.getLast()).startsWith("CONTINUATION ");
      assertThat(
              String.join(
                  "",
                  events.stream().map(event -> event.substring(event.indexOf(' ') + 1)).toList()))
          .isEqualTo(HexFormat.of().formatHex(utf8("Hello ".repeat(100))));
    }
  }

  @Nested
  class Violations {
    @Test
    void a_bit_without_agreement_or_on_a_control_frame() {
      byte[] compressed = with(RSV1, text("x"));

      assertThat(Decoded.events(RULES, Optional.empty(), compressed))
          .containsExactly("violation 1002");
      assertThat(read(with(RSV1, frame(true, PING, utf8("x"))))).containsExactly("violation 1002");
      assertThat(read(with(RSV1 | 0x20, text("x")))).containsExactly("violation 1002");
    }

    @Test
    void what_is_no_deflate() {
      assertThat(read(text("a"), with(RSV1, frame(true, TEXT, hex("ffff")))))
          .containsExactly(event("a"), "violation 1007");
    }

    @Test
    void a_message_that_is_cut_short() {
      assertThat(
              Decoded.events(
                  RULES, Optional.of(DROPPED), with(RSV1, frame(true, TEXT, hex("f248cdc9")))))
          .containsExactly("violation 1007");
    }

    @Test
    void compressed_text_that_is_no_utf_8_as_soon_as_it_is_inflated() {
      byte[] wrong = deflated(hex("6162c0"));

      assertThat(read(with(RSV1, frame(true, TEXT, wrong)))).containsExactly("violation 1007");
      assertThat(read(with(RSV1, frame(false, TEXT, wrong)))).containsExactly("violation 1007");
      assertThat(read(with(RSV1, frame(true, TEXT, deflated(hex("61e2"))))))
          .containsExactly("violation 1007");
    }

    @Test
    void a_message_that_becomes_too_large() {
      assertThat(read(with(RSV1, frame(true, TEXT, deflated(new byte[100_000]))))).hasSize(1);
      assertThat(read(with(RSV1, frame(true, TEXT, deflated(new byte[100_001])))))
          .containsExactly("violation 1009");
    }
  }

  @Nested
  class Bombs {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void are_not_inflated_beyond_the_limit() {
      byte[] bomb = with(RSV1, frame(true, TEXT, deflated(new byte[40_000_000])));
      var decoder = new FrameDecoder(RULES, Optional.of(KEPT));
      read(with(RSV1, text("x")));

      long before = THREADS.getCurrentThreadAllocatedBytes();
      decoder.offer(bomb, 0, bomb.length);
      assertThat(decoder.next().isEmpty()).isTrue();
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

      assertThat(decoder.violation().orElseThrow().code()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
      assertThat(allocated).isLessThan(400_000);
    }

    @Test
    void that_are_many_and_small_make_no_large_batch() {
      byte[][] bombs = new byte[200][];
      Arrays.fill(bombs, with(RSV1, frame(true, TEXT, deflated(new byte[90_000]))));
      byte[] bytes = all(bombs);
      var decoder = new FrameDecoder(RULES, Optional.of(DROPPED));
      decoder.offer(bytes, 0, bytes.length);

      int messages = 0;
      for (Frames batch = decoder.next(); !batch.isEmpty(); batch = decoder.next()) {
        assertThat(batch.wireBytes()).isLessThan(100_000);
        messages += batch.count();
      }
      assertThat(messages).isEqualTo(200);
    }
  }

  /** What has given its memory back says so when it is used. */
  @Nested
  class Closed {
    @Test
    void decoders_have_no_inflater_any_more() {
      var decoder = new FrameDecoder(RULES, Optional.of(KEPT));
      byte[] hello = with(RSV1, frame(true, TEXT, hex("f248cdc9c90700")));
      decoder.offer(hello, 0, hello.length);
      assertThat(decoder.next().text(0)).isEqualTo("Hello");
      assertThat(decoder.next().isEmpty()).isTrue();

      decoder.close();

      decoder.offer(hello, 0, hello.length);
      assertThatThrownBy(decoder::next).hasMessage("closed (expected: open)");
    }

    @Test
    void encoders_have_no_deflater_any_more() {
      FrameEncoder encoder = FrameEncoder.server(KEPT, DeflateSettings.DEFAULT);
      Frames frames = Frames.text("x".repeat(100));
      encoder.encode(frames);

      encoder.close();

      assertThatThrownBy(() -> encoder.encode(frames)).hasMessage("closed (expected: open)");
    }
  }

  @Nested
  class Encoders {
    @Test
    void leave_short_messages_and_control_frames_alone() {
      var settings = new DeflateSettings(1, 64, true, true, 15, 15);
      try (FrameEncoder encoder = FrameEncoder.server(KEPT, settings)) {
        Frames small =
            Frames.builder().text("x".repeat(63)).ping(ByteString.fromArray(new byte[100])).build();

        assertThat(encoder.encode(small)).isEqualTo(small.wireForm());
        assertThat(encoder.encode(Frames.text("x".repeat(64))).apply(0)).isEqualTo((byte) 0xC1);
      }
    }

    @Test
    void send_fragments_on_as_fragments() {
      byte[] half = utf8("half of a message, ");
      var pieces = new FrameDecoder(RULES.inPieces(), Optional.empty());
      ByteString wire = ByteString.emptyByteString();
      try (FrameEncoder encoder = FrameEncoder.server(DROPPED, DeflateSettings.DEFAULT)) {
        for (byte[] read :
            List.of(
                frame(false, TEXT, half),
                all(frame(true, PING, utf8("p")), frame(true, CONTINUATION, half)),
                text("whole"))) {
          pieces.offer(read, 0, read.length);
          wire = wire.concat(encoder.encode(pieces.next()));
          assertThat(pieces.next().isEmpty()).isTrue();
        }
      }

      assertThat(
              Decoded.events(
                  FrameRules.of(Role.CLIENT, FrameLimits.of(1_000)),
                  Optional.of(DROPPED),
                  wire.toArray()))
          .containsExactly(
              Decoded.event(PING, true, utf8("p")),
              event("half of a message, half of a message, "),
              event("whole"));
    }
  }
}
