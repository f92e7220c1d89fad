package dev.kantele.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a page quotes is what is compiled: from {@code // region NAME} to {@code // end}. */
class QuotesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern QUOTE =
      Pattern.compile("(?s)<!-- source: (\\S+)#(\\S+) -->\n```java\n(.*?)```");

  record Quote(Path page, Path source, String region, String text) {}

  static Stream<Quote> quotes() throws IOException {
    List<Quote> quotes = new ArrayList<>();
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      for (Path page :
          Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.sorted())
              .filter(file -> file.toString().endsWith(".md"))
              .toList()) {
        Matcher quote = QUOTE.matcher(Files.readString(page, UTF_8));
        while (quote.find()) {
          quotes.add(new Quote(page, ROOT.resolve(quote.group(1)), quote.group(2), quote.group(3)));
        }
      }
    }
    return quotes.stream();
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void a_quote_is_what_the_source_says(Quote quote) throws IOException {
    assertThat(quote.text().strip()).isEqualTo(region(quote).strip());
  }

  private static String region(Quote quote) throws IOException {
    String source = Files.readString(quote.source(), UTF_8);
    Matcher region =
        Pattern.compile(
                "(?s)\n *// region " + Pattern.quote(quote.region()) + "\n(.*?)\n *// end\n")
            .matcher(source);
    assertThat(region.find()).as("region %s of %s", quote.region(), quote.source()).isTrue();
    return region.group(1).stripTrailing().stripIndent();
  }
}
