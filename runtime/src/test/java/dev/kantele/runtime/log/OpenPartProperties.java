package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** A part's text by event numbers, against the pieces themselves. */
class OpenPartProperties {
  private static final long FIRST = 10;

  /* Every other number belongs to somebody else. */
  private static OpenPart part(List<String> pieces) {
    var part = new OpenPart();
    for (int i = 0; i < pieces.size(); i++) {
      part.append(FIRST + 2L * i, pieces.get(i));
    }
    return part;
  }

  private static String upTo(List<String> pieces, long seq) {
    return String.join("", pieces.subList(0, Math.clamp((seq - FIRST + 2) / 2, 0, pieces.size())));
  }

  @Property(tries = 300)
  void what_was_said_up_to_a_number_ends_where_the_pieces_end(
      @ForAll @Size(max = 60) List<@StringLength(max = 5) String> pieces,
      @ForAll @IntRange(max = 140) int seq) {
    OpenPart part = part(pieces);

    assertThat(part.between(0, part.endAt(seq))).isEqualTo(upTo(pieces, seq));
  }

  @Property(tries = 300)
  void two_stretches_are_the_whole(
      @ForAll @Size(max = 60) List<@StringLength(max = 5) String> pieces,
      @ForAll @IntRange(max = 140) int cut) {
    OpenPart part = part(pieces);
    int middle = part.endAt(cut);

    assertThat(part.between(0, middle) + part.between(middle, part.endAt(Long.MAX_VALUE)))
        .isEqualTo(part.all())
        .isEqualTo(String.join("", pieces));
  }

  @Property(tries = 100)
  void a_part_has_begun_with_its_first_piece_even_an_empty_one(
      @ForAll @Size(min = 1, max = 5) List<@StringLength(max = 2) String> pieces) {
    OpenPart part = part(pieces);

    assertThat(part.saidBy(FIRST - 1)).isFalse();
    assertThat(part.saidBy(FIRST)).isTrue();
  }
}
