package dev.kantele.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java in a page that says where it is from is a region of that file, from {@code // region NAME}
 * to {@code // end}, moved to the left.
 */
class SnippetsTest {
  static List<Page.Quote> snippets() {
    return Page.all().stream().flatMap(page -> page.quotes("source").stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void a_snippet_is_what_its_source_says(Page.Quote snippet) {
    String[] source = snippet.of().split("#", 2);

    assertThat(snippet.text()).isEqualTo(region(Page.ROOT.resolve(source[0]), source[1]));
  }

  @Test
  void the_readme_shows_how_to_embed() {
    assertThat(Page.read(Page.ROOT.resolve("README.md")).quotes("source")).isNotEmpty();
  }

  private static String region(Path file, String name) {
    Matcher region =
        Pattern.compile("\\n *// region " + name + "\\n(.*?)\\n *// end\\n", Pattern.DOTALL)
            .matcher(Page.read(file).text());
    assertThat(region.find()).as("region %s of %s", name, file).isTrue();
    return region.group(1).stripTrailing().stripIndent();
  }
}
