package dev.kantele.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess.Exit;
import dev.kantele.cluster.NodeProcess.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that wants tokens, and clients that have one, another, or none. */
@Timeout(120)
final class TokenScenario {
  private static String annsToken;
  private static String bobsToken;
  private static NodeProcess node;

  @TempDir private static Path folder;

  @BeforeAll
  @Timeout(120)
  static void serve() throws Exception {
    List<String> ann = newToken("ann");
    List<String> bob = newToken("bob");
    annsToken = ann.getFirst();
    bobsToken = bob.getFirst();
    Path file = Files.writeString(folder.resolve("tokens"), ann.getLast() + "\n");
    node =
        NodeProcess.start(
            new Launch(
                List.of(
                    "serve",
                    "--host",
                    "0.0.0.0",
                    "--port",
                    "0",
                    "--data",
                    folder.resolve("data").toString()),
                Map.of(
                    "KANTELE_TOKENS_FILE",
                    file.toString(),
                    "KANTELE_TOKENS",
                    bob.getLast(),
                    "KANTELE_LOG",
                    "debug"),
                ""));
    node.awaitLine(line -> line.startsWith("Kantele is ready on "));
  }

  @AfterAll
  static void stop() {
    Exit exit = node.stop();

    assertThat(exit.code()).isZero();
    assertThat(exit.out() + exit.err())
        .contains("Kantele is ready")
        .doesNotContain(annsToken, bobsToken, "kt_");
  }

  private static List<String> newToken(String principal) {
    Exit exit = NodeProcess.run("token", principal);
    assertThat(exit.code()).isZero();
    return exit.out().lines().toList();
  }

  private static String url() {
    return "http://127.0.0.1:" + node.port();
  }

  private static Exit run(String token, String... arguments) {
    Launch launch = Launch.of(arguments).with("KANTELE_URL", url());
    return NodeProcess.run(token.isEmpty() ? launch : launch.with("KANTELE_TOKEN", token));
  }

  @Test
  void a_client_with_a_token_is_let_in() throws Exception {
    Path file = Files.writeString(folder.resolve("bobs-token"), bobsToken + "\n");

    assertThat(run(annsToken, "chat", "--session", "anns", "What is 2 * 3?").out()).contains("6");
    assertThat(run("", "chat", "--token-file", file.toString(), "What is 2 * 4?").out())
        .contains("8");
  }

  @Test
  void a_client_without_one_is_told_to_bring_one() {
    Exit exit = run("", "chat", "Hello");

    assertThat(exit.code()).isOne();
    assertThat(exit.err())
        .startsWith("kantele: ")
        .contains("This node wants a token", "KANTELE_TOKEN")
        .hasLineCount(1);
  }

  @Test
  void a_client_with_a_wrong_one_is_refused_without_its_being_repeated() {
    Exit exit = run(annsToken + "x", "sessions");

    assertThat(exit.code()).isOne();
    assertThat(exit.err()).contains("The token is not valid").doesNotContain(annsToken);
  }

  @Test
  void the_sessions_of_others_are_neither_listed_nor_shown() {
    assertThat(run(annsToken, "chat", "--session", "private", "What is 5 * 5?").code()).isZero();

    assertThat(run(annsToken, "sessions").out()).contains("private");
    assertThat(run(bobsToken, "sessions").out()).doesNotContain("private");
    Exit tail = run(bobsToken, "tail", "private");
    assertThat(tail.code()).isOne();
    assertThat(tail.out()).isEmpty();
    assertThat(tail.err()).contains("belongs to somebody else");
  }

  @Test
  void the_poll_loops_are_shown_to_who_has_a_token() {
    Launch launch = Launch.of("loop-stats", "--url", url(), "--json");

    Exit without = NodeProcess.run(launch);
    Exit with = NodeProcess.run(launch.with("KANTELE_TOKEN", annsToken));

    assertThat(without.code()).isEqualTo(1);
    assertThat(without.out()).isEmpty();
    assertThat(without.err())
        .endsWith("; set KANTELE_TOKEN, or name its file by --token-file\n")
        .hasLineCount(1);
    assertThat(with.code()).isZero();
    assertThat(with.out()).startsWith("{\"loops\":[").hasLineCount(1);
  }
}
