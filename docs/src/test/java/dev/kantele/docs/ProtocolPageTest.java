package dev.kantele.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.codec.WireMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol's page has every message, as the golden files have it. */
class ProtocolPageTest {
  private static final Path GOLDEN = Page.ROOT.resolve("protocol/src/test/resources/golden");
  private static final Page PAGE = Page.read(Page.ROOT.resolve("docs/protocol.md"));

  static List<Page.Quote> examples() {
    return PAGE.quotes("golden");
  }

  static List<String> goldenFiles() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> GOLDEN.relativize(file).toString().replace('\\', '/'))
          .map(file -> file.replace(".json", ""))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void an_example_is_its_golden_file(Page.Quote example) throws JsonProcessingException {
    Page golden = Page.read(GOLDEN.resolve(example.of() + ".json"));

    assertThat(json(example.text())).isEqualTo(json(golden.text()));
  }

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void a_golden_file_is_quoted_or_named(String golden) {
    assertThat(
            examples().stream().anyMatch(example -> example.of().equals(golden))
                || PAGE.text().contains("`" + golden + "`"))
        .isTrue();
  }

  @Test
  void every_json_block_is_a_golden_file() {
    long blocks = Arrays.stream(PAGE.text().split("\n```json\n", -1)).count() - 1;

    assertThat(examples()).hasSize((int) blocks);
  }

  @ParameterizedTest
  @EnumSource
  void every_error_code_is_listed_with_its_status(ErrorCode code) {
    String row =
        "| `%s` | %d | %s |"
            .formatted(code.wireName(), code.httpStatus(), code.retryable() ? "yes" : "")
            .replace("|  |", "| |");

    assertThat(PAGE.text()).contains(row);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return WireMapper.json().readTree(text);
  }
}
