package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.EventBody;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that one stream, or one attempt at a tool call, has said, with the numbers of it. */
final class SaidText {
  private static final long OPEN = Long.MAX_VALUE;

  final String id;
  final long startedSeq;
  private final Map<Integer, PartText> parts = new TreeMap<>();
  private long endedAt = OPEN;

  /** The text of one part; {@code ends} are offsets, one for each of {@code numbers}. */
  private static final class PartText {
    final StringBuilder text = new StringBuilder();
    final Optional<String> name;
    long[] numbers = new long[16];
    int[] ends = new int[16];
    int count;

    PartText(Optional<String> name) {
      this.name = name;
    }

    void add(long seq, String piece) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
      text.append(piece);
      numbers[count] = seq;
      ends[count++] = text.length();
    }

    int lengthAt(long seq) {
      int i = Arrays.binarySearch(numbers, 0, count, seq);
      int last = i >= 0 ? i : -i - 2;
      return last < 0 ? 0 : ends[last];
    }

    boolean hasBegunAt(long seq) {
      return count > 0 && numbers[0] <= seq;
    }
  }

  SaidText(String id, long startedSeq) {
    this.id = id;
    this.startedSeq = startedSeq;
  }

  /** A piece of text that an event holds. */
  record Piece(int part, String text, Optional<String> name) {}

  /** The text in a live event; empty if it holds none. */
  static Optional<Piece> piece(EventBody.Live event) {
    return switch (event) {
      case EventBody.TextDelta delta ->
          Optional.of(new Piece(delta.part(), delta.text(), Optional.empty()));
      case EventBody.ReasoningDelta delta ->
          Optional.of(new Piece(delta.part(), delta.text(), Optional.empty()));
      case EventBody.ToolCallDelta delta ->
          Optional.of(new Piece(delta.part(), delta.arguments(), delta.name()));
      case EventBody.ToolOutput output ->
          output.chunk().map(chunk -> new Piece(0, chunk, Optional.empty()));
      case EventBody.Warning _ -> Optional.empty();
    };
  }

  void say(long seq, Piece piece) {
    parts.computeIfAbsent(piece.part(), _ -> new PartText(piece.name())).add(seq, piece.text());
  }

  void end(long moment) {
    if (endedAt == OPEN) {
      endedAt = moment;
    }
  }

  boolean hasEnded() {
    return endedAt != OPEN;
  }

  /** Whether it ran still at {@code moment}. */
  boolean ranAt(long moment) {
    return moment < endedAt;
  }

  /** What part {@code part} said after {@code after} up to {@code to}. */
  String said(int part, long after, long to) {
    PartText text = parts.get(part);
    return text == null ? "" : text.text.substring(text.lengthAt(after), text.lengthAt(to));
  }

  /** The name that the first piece of a part after {@code after} must have. */
  Optional<String> nameAfter(int part, long after) {
    PartText text = parts.get(part);
    return text == null || text.hasBegunAt(after) ? Optional.empty() : text.name;
  }

  /** The parts of which something was said after {@code after} up to {@code to}. */
  List<Integer> saidParts(long after, long to) {
    var said = new ArrayList<Integer>();
    parts.forEach(
        (part, text) -> {
          boolean begins = text.hasBegunAt(to) && !text.hasBegunAt(after);
          if (begins || text.lengthAt(to) > text.lengthAt(after)) {
            said.add(part);
          }
        });
    return said;
  }

  /** Whether anything was said after {@code after} up to {@code to}. */
  boolean saysAnything(long after, long to) {
    return to > startedSeq && !saidParts(after, to).isEmpty();
  }
}
