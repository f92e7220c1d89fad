package dev.kantele.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation. */
record Page(Path file, String text) {
  /** The repository. */
  static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..").normalize();

  private static final Pattern QUOTE =
      Pattern.compile("<!-- (\\w+): (\\S+) -->\\n```(\\w+)\\n(.*?)\\n```\\n", Pattern.DOTALL);

  /** A fenced block with the comment before it that says what it quotes. */
  record Quote(Path page, String kind, String of, String text) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + of;
    }
  }

  /** All pages, the README and the changelog among them. */
  static List<Page> all() {
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      var pages = new ArrayList<Page>();
      pages.add(read(ROOT.resolve("README.md")));
      pages.add(read(ROOT.resolve("CHANGELOG.md")));
      files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.startsWith(ROOT.resolve("docs/target")))
          .sorted()
          .map(Page::read)
          .forEach(pages::add);
      return pages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file).replace("\r\n", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the page quotes from {@code kind}, in its order. */
  List<Quote> quotes(String kind) {
    var quotes = new ArrayList<Quote>();
    Matcher matcher = QUOTE.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(kind)) {
        quotes.add(new Quote(file, kind, matcher.group(2), matcher.group(4)));
      }
    }
    return quotes;
  }

  @Override
  public String toString() {
    return ROOT.relativize(file).toString();
  }
}
