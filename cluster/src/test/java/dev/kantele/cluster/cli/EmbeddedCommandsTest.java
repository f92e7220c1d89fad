package dev.kantele.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.codec.WireCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a node in this process, where the data folder is all that they share. */
@Timeout(60)
class EmbeddedCommandsTest {
  @TempDir private Path data;
  private final Captured captured = new Captured();

  @BeforeEach
  void choose_the_data_folder() {
    captured.with("KANTELE_DATA", data.toString());
  }

  private List<Event> events() {
    return captured
        .out()
        .lines()
        .map(line -> new WireCodec().decodeEvent(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  @Test
  void a_chat_shows_the_answer_and_says_how_to_go_on() {
    int code = captured.run("chat", "--embedded", "--session", "sums", "What is 12 * 7?");

    assertThat(captured.out()).contains("→ calculator {\"expression\":\"12 * 7\"}\n✓ ", "84");
    assertThat(captured.err())
        .isEqualTo(
            """

            Session sums. Go on with:
              ./kantele chat --embedded --session sums "…"
            """);
    assertThat(code).isZero();
  }

  @Test
  void a_chat_as_json_prints_events_and_nothing_else() {
    int code = captured.piped("What is 12 * 7?\n").run("chat", "--embedded", "--json");

    assertThat(events().getFirst().body()).isInstanceOf(EventBody.TurnQueued.class);
    assertThat(events().getLast().body()).isInstanceOf(EventBody.TurnCompleted.class);
    assertThat(captured.err()).isEmpty();
    assertThat(code).isZero();
  }

  @Test
  void a_model_that_wants_a_key_says_so_before_anything_is_asked() throws IOException {
    Path file =
        Files.writeString(
            data.resolve("node.conf"),
            """
            kantele.model = "openai/gpt-5-mini"
            kantele.models.openai { base-url = "https://api.openai.com/v1", api-key = null }
            """);

    int code = captured.run("chat", "--embedded", "--config", file.toString(), "Hello");

    assertThat(captured.err())
        .isEqualTo(
            """
            kantele: model openai/gpt-5-mini: OpenAI wants a key; set OPENAI_API_KEY, or \
            OPENAI_BASE_URL to the address of another server, up to and including /v1
            """);
    assertThat(code).isEqualTo(1);
  }

  @Test
  void a_log_can_be_read_from_any_number_on() {
    captured.run("chat", "--embedded", "--session", "sums", "What is 12 * 7?");

    assertThat(captured.run("tail", "--embedded", "--json", "sums")).isZero();
    List<Event> all = events();
    assertThat(all.getFirst().body()).isInstanceOf(EventBody.SessionOpened.class);
    assertThat(all.getLast().body()).isInstanceOf(EventBody.TurnCompleted.class);

    long after = all.get(1).seq();
    assertThat(captured.run("tail", "--embedded", "--after", Long.toString(after), "sums"))
        .isZero();
    assertThat(captured.out().lines()).hasSize(all.size() - 2);

    long last = all.getLast().seq();
    assertThat(captured.run("tail", "--embedded", "--after", Long.toString(last), "sums")).isZero();
    assertThat(captured.out()).isEmpty();
  }

  @Test
  void a_decision_and_an_answer_reach_their_session() {
    captured.run("chat", "--embedded", "--session", "sums", "Hello");

    assertThat(captured.run("approve", "--embedded", "sums", "nothing")).isEqualTo(1);
    assertThat(captured.err()).isEqualTo("kantele: there is no tool call nothing\n");
    assertThat(captured.run("answer", "--embedded", "sums", "nothing", "yes")).isEqualTo(1);
    assertThat(captured.err()).isEqualTo("kantele: request: nothing (expected: one that waits)\n");
  }

  @Test
  void a_decision_or_an_answer_that_is_none_is_refused_at_once() {
    assertThat(captured.run("approve", "sums", "i1", "--arguments", "[1]")).isEqualTo(2);
    assertThat(captured.err()).startsWith("kantele: --arguments: not an object");
    assertThat(captured.run("answer", "sums", "r1")).isEqualTo(2);
    assertThat(captured.err()).startsWith("kantele: give an answer, or --decline");
  }

  @Test
  void a_cursor_ahead_of_the_log_is_refused() {
    captured.run("chat", "--embedded", "--session", "sums", "Hello");

    assertThat(captured.run("tail", "--embedded", "--after", "100000", "sums")).isEqualTo(1);
    assertThat(captured.err()).startsWith("kantele: after: 100000 (expected: 0..");
  }

  @Test
  void sessions_are_listed_by_id() {
    assertThat(captured.run("sessions", "--embedded")).isZero();
    assertThat(captured.out()).isEmpty();
    assertThat(captured.err())
        .isEqualTo("There are no sessions yet. Try: ./kantele chat --embedded Hello\n");

    captured.run("chat", "--embedded", "--session", "b", "Hello");
    captured.run("chat", "--embedded", "--session", "a", "Hello");

    assertThat(captured.run("sessions", "--embedded")).isZero();
    assertThat(captured.out()).isEqualTo("a\nb\n");
    assertThat(captured.run("sessions", "--embedded", "--json")).isZero();
    assertThat(captured.out()).isEqualTo("{\"session\":\"a\"}\n{\"session\":\"b\"}\n");
  }
}
