package dev.kantele.runtime.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class FrameDecoderProperties {
  private static final FrameLimits LIMITS = new FrameLimits(400, 600, 600, 5);
  private static final FrameRules SERVER = FrameRules.of(Role.SERVER, LIMITS);
  private static final FrameRules CLIENT = FrameRules.of(Role.CLIENT, LIMITS);

  /** A frame, mostly as it should be, and bytes that may be missing at its end. */
  private static byte[] frame(int first, int lengthForm, boolean masked, int key, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write(first);
    int length = payload.length;
    int form = length > 125 && lengthForm == 0 ? 2 : lengthForm;
    out.write((masked ? 0x80 : 0) | (form == 0 ? length : form == 2 ? 126 : 127));
    for (int i = form - 1; i >= 0; i--) {
      out.write(i < 4 ? length >>> (8 * i) : 0);
    }
    for (int i = 0; masked && i < 4; i++) {
      out.write(key >>> (8 * i));
    }
    for (int i = 0; i < length; i++) {
      out.write(payload[i] ^ (masked ? key >>> (i % 4 * 8) : 0));
    }
    return out.toByteArray();
  }

  private static Arbitrary<byte[]> payloads() {
    Arbitrary<byte[]> texts =
        Arbitraries.of("", "a", "plain text of some length", "ö", "€uro", "😀", "mixed ä€😀 text")
            .map(ClientFrames::utf8);
    Arbitrary<byte[]> halves =
        Arbitraries.of("e2", "82ac", "f09f", "9880", "c3", "b6", "61c0", "eda080", "03e8", "03e8ff")
            .map(HexFormat.of()::parseHex);
    Arbitrary<byte[]> sizes =
        Arbitraries.of(124, 125, 126, 127, 300, 400, 401)
            .map(
                size -> {
                  byte[] bytes = new byte[size];
                  Arrays.fill(bytes, (byte) 'x');
                  return bytes;
                });
    return Arbitraries.frequencyOf(Tuple.of(6, texts), Tuple.of(3, halves), Tuple.of(2, sizes));
  }

  @Provide
  Arbitrary<byte[]> clientBytes() {
    return bytes(/* masked= */ true);
  }

  @Provide
  Arbitrary<byte[]> serverBytes() {
    return bytes(/* masked= */ false);
  }

  private static Arbitrary<byte[]> bytes(boolean masked) {
    Arbitrary<Integer> firsts =
        Arbitraries.frequency(
            Tuple.of(20, 0x81),
            Tuple.of(10, 0x82),
            Tuple.of(15, 0x01),
            Tuple.of(4, 0x02),
            Tuple.of(15, 0x00),
            Tuple.of(15, 0x80),
            Tuple.of(10, 0x89),
            Tuple.of(5, 0x8A),
            Tuple.of(2, 0x88),
            Tuple.of(1, 0x83),
            Tuple.of(1, 0xC1),
            Tuple.of(1, 0x09));
    Arbitrary<Integer> forms =
        Arbitraries.frequency(Tuple.of(40, 0), Tuple.of(1, 2), Tuple.of(1, 8));
    Arbitrary<Boolean> masks = Arbitraries.frequency(Tuple.of(60, masked), Tuple.of(1, !masked));
    return Combinators.combine(firsts, forms, masks, Arbitraries.integers(), payloads())
        .as(FrameDecoderProperties::frame)
        .list()
        .ofMaxSize(12)
        .map(frames -> ClientFrames.all(frames.toArray(byte[][]::new)));
  }

  /** What is common to all: up to the end of the connection. */
  private static List<String> untilTheEnd(List<String> events) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).startsWith("violation") || events.get(i).startsWith("CLOSE")) {
        return events.subList(0, i + 1);
      }
    }
    return events;
  }

  private static void isRead(FrameRules rules, byte[] bytes, int pieceBytes) {
    List<String> expected = ReferenceDecoder.events(rules, bytes);

    assertThat(untilTheEnd(Decoded.events(rules, Optional.empty(), bytes)))
        .as("at once")
        .isEqualTo(expected);
    assertThat(untilTheEnd(Decoded.inPieces(rules, Optional.empty(), bytes, pieceBytes)))
        .as("in pieces")
        .isEqualTo(expected);
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void what_a_client_sends_is_read_as_the_rfc_says(
      @ForAll("clientBytes") byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int pieceBytes) {
    isRead(SERVER, bytes, pieceBytes);
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void what_a_server_sends_is_read_as_the_rfc_says(
      @ForAll("serverBytes") byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int pieceBytes) {
    isRead(CLIENT, bytes, pieceBytes);
    isRead(CLIENT.textOnly(), bytes, pieceBytes);
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void any_bytes_are_read_as_the_rfc_says(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int pieceBytes) {
    isRead(SERVER, bytes, pieceBytes);
    isRead(CLIENT, bytes, pieceBytes);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_cut_at_any_byte_makes_no_difference(@ForAll("clientBytes") byte[] bytes) {
    List<String> expected = Decoded.events(SERVER, Optional.empty(), bytes);

    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(Decoded.events(SERVER, Optional.empty(), bytes, cut)).isEqualTo(expected);
    }
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void pieces_make_up_the_messages(
      @ForAll("clientBytes") byte[] bytes, @ForAll @IntRange(min = 1, max = 100) int pieceBytes) {
    List<String> whole = untilTheEnd(Decoded.events(SERVER, Optional.empty(), bytes));
    List<String> pieces =
        untilTheEnd(Decoded.inPieces(SERVER.inPieces(), Optional.empty(), bytes, pieceBytes));

    assertThat(putTogether(pieces)).isEqualTo(whole);
  }

  /** Messages out of pieces; what is left unfinished is left out. */
  private static List<String> putTogether(List<String> pieces) {
    var events = new ArrayList<String>();
    var open = new StringBuilder();
    for (String piece : pieces) {
      if (piece.startsWith("TEXT...") || piece.startsWith("BINARY...")) {
        assertThat(open).isEmpty();
        open.append(piece.replace("...", ""));
      } else if (piece.startsWith("CONTINUATION")) {
        assertThat(open).isNotEmpty();
        open.append(piece.substring(piece.indexOf(' ') + 1));
        if (!piece.startsWith("CONTINUATION...")) {
          events.add(open.toString());
          open.setLength(0);
        }
      } else {
        events.add(piece);
      }
    }
    return events;
  }
}
