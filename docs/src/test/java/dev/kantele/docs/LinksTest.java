package dev.kantele.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a page links to within the repository is there. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  static List<Page> pages() {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_lead_somewhere(Page page) {
    var broken = new ArrayList<String>();
    Matcher link = LINK.matcher(page.text());
    while (link.find()) {
      if (!leadsSomewhere(page, link.group(1))) {
        broken.add(link.group(1));
      }
    }

    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Page page, String link) {
    if (link.startsWith("https://")) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path target =
        parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
    return Files.exists(target)
        && (parts.length == 1 || anchors(Page.read(target)).contains(parts[1]));
  }

  /** Headings by the names that they are linked by. */
  private static List<String> anchors(Page page) {
    var anchors = new ArrayList<String>();
    Matcher heading = HEADING.matcher(page.text());
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }
}
