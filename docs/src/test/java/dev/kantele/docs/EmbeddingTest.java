package dev.kantele.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.Kantele;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what the pages say. */
@Timeout(60)
class EmbeddingTest {
  @Test
  void a_question_is_answered(@TempDir Path data) {
    var printed = new ByteArrayOutputStream();

    Embedding.ask(data, new PrintStream(printed, /* autoFlush= */ true, UTF_8));

    assertThat(printed.toString(UTF_8)).contains("84");
  }

  @Test
  void a_host_adds_a_tool() {
    try (Kantele kantele = Embedding.startWithTool()) {
      assertThat(kantele.catalog().tool("length")).isPresent();
      assertThat(kantele.agents().defaultAgent().tools()).containsExactly("calculator", "length");
    }
  }

  @Test
  void a_host_adds_a_hook() {
    try (Kantele kantele = Embedding.startWithHook()) {
      assertThat(kantele.catalog().checksTools()).isTrue();
    }
  }
}
