package dev.kantele.runtime.websocket.frame;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What a decoder made of bytes, as lines of text that can be compared. */
final class Decoded {
  private static final HexFormat HEX = HexFormat.of();

  /** Reads all of {@code bytes} in pieces that end at each of {@code cuts}. */
  static List<String> events(
      FrameRules rules, Optional<DeflateParameters> compression, byte[] bytes, int... cuts) {
    var events = new ArrayList<String>();
    try (var decoder = new FrameDecoder(rules, compression)) {
      int[] ends = Arrays.copyOf(cuts, cuts.length + 1);
      ends[cuts.length] = bytes.length;
      Arrays.sort(ends);
      int at = 0;
      for (int end : ends) {
        offer(decoder, Arrays.copyOfRange(bytes, at, end), events);
        at = end;
      }
    }
    return events;
  }

  /** Reads a piece of its own size at a time. */
  static List<String> inPieces(
      FrameRules rules, Optional<DeflateParameters> compression, byte[] bytes, int pieceBytes) {
    int pieces = bytes.length / pieceBytes;
    int[] cuts = new int[pieces];
    for (int i = 0; i < pieces; i++) {
      cuts[i] = (i + 1) * pieceBytes;
    }
    return events(rules, compression, bytes, cuts);
  }

  /**
   * Offers one piece and adds what comes of it. The piece is scribbled over afterwards: the decoder
   * must not look at it again, and no batch may have kept it.
   */
  static void offer(FrameDecoder decoder, byte[] piece, List<String> events) {
    var batches = new ArrayList<Frames>();
    decoder.offer(piece, 0, piece.length);
    while (true) {
      Frames frames = decoder.next();
      if (!frames.isEmpty()) {
        batches.add(frames);
      } else if (decoder.violation().isPresent()) {
        add(batches, events);
        batches.clear();
        events.add("violation " + decoder.violation().get().code().number());
        decoder.discard();
      } else {
        break;
      }
    }
    Arrays.fill(piece, (byte) 0x5A);
    add(batches, events);
  }

  static void add(List<Frames> batches, List<String> events) {
    for (Frames frames : batches) {
      for (int i = 0; i < frames.count(); i++) {
        events.add(event(frames, i));
      }
    }
  }

  static String event(Frames frames, int index) {
    return event(
        frames.opcode(index).number(), frames.isFinal(index), frames.payload(index).toArray());
  }

  static String event(int opcode, boolean fin, byte[] payload) {
    return Opcode.of(opcode) + (fin ? " " : "... ") + HEX.formatHex(payload);
  }

  private Decoded() {}
}
