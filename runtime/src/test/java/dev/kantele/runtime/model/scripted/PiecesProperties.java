package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class PiecesProperties {
  @Property
  void pieces_of_characters_join_to_the_text_and_split_no_character(
      @ForAll @StringLength(max = 200) String text,
      @ForAll @IntRange(min = 1, max = 300) int count) {
    List<String> pieces = new Pieces.Characters(count).of(text);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).allMatch(piece -> piece.codePointCount(0, piece.length()) <= count);
    assertThat(pieces).noneMatch(String::isEmpty);
    assertThat(codePoints(pieces)).isEqualTo(text.codePointCount(0, text.length()));
  }

  @Property
  void words_join_to_the_text(@ForAll @StringLength(max = 200) String text) {
    List<String> pieces = new Pieces.Words().of(text);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).noneMatch(String::isEmpty);
    assertThat(codePoints(pieces)).isEqualTo(text.codePointCount(0, text.length()));
  }

  @Example
  void a_surrogate_pair_stays_whole() {
    assertThat(new Pieces.Characters(1).of("a😀b")).containsExactly("a", "😀", "b");
  }

  @Example
  void a_word_brings_the_space_before_it() {
    assertThat(new Pieces.Words().of(" Hello,  my world \n"))
        .containsExactly(" Hello,", "  my", " world", " \n");
  }

  /** A split pair would count as two. */
  private static int codePoints(List<String> pieces) {
    return pieces.stream().mapToInt(piece -> piece.codePointCount(0, piece.length())).sum();
  }
}
