package dev.kantele.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No credential is in what the tests of all modules printed and logged; this module is the last.
 */
@Timeout(60)
final class SecretsTest {
  /** A node's own tokens, signed tokens, and the keys of model vendors in the tests. */
  private static final Pattern SECRET =
      Pattern.compile("kt_[A-Za-z0-9_-]{43}|eyJ[\\w-]{10,}\\.[\\w-]{10,}\\.|sk-test-\\w+");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=kt_nvr5cDlb0XkOSyNHUwRaTpUkyC3tRJFHoqPIiCAVOFw,",
        "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln",
        "api-key = \"sk-test-0123456789\""
      })
  void a_secret_is_known_when_it_is_seen(String line) {
    assertThat(SECRET.matcher(line).find()).isTrue();
  }

  @Test
  void none_is_in_what_the_tests_wrote() throws IOException {
    var found = new ArrayList<String>();
    List<Path> outputs = outputs();
    assumeThat(outputs).as("outputs of the other modules' tests").isNotEmpty();
    for (Path output : outputs) {
      Matcher secret = SECRET.matcher(Files.readString(output, StandardCharsets.ISO_8859_1));
      if (secret.find()) {
        found.add(output + " at " + secret.start());
      }
    }

    assertThat(found).isEmpty();
  }

  private static List<Path> outputs() throws IOException {
    var outputs = new ArrayList<Path>();
    for (String module : List.of("protocol", "runtime", "tools", "cluster")) {
      Path reports = Page.ROOT.resolve(module).resolve("target/surefire-reports");
      if (Files.isDirectory(reports)) {
        try (Stream<Path> files = Files.list(reports)) {
          outputs.addAll(files.filter(file -> file.toString().endsWith("-output.txt")).toList());
        }
      }
    }
    return outputs;
  }
}
