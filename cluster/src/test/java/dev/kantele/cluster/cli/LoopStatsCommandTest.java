package dev.kantele.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.kantele.cluster.render.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command against something that answers like a node, or does not. */
@Timeout(60)
class LoopStatsCommandTest {
  private final Captured captured = new Captured();

  private int askOf(int status, String body, String... more) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/loops",
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      captured.with("KANTELE_URL", "ws://127.0.0.1:" + server.getAddress().getPort() + "/");
      return captured.run(more.length == 0 ? new String[] {"loop-stats", "--once"} : more);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_loop_is_a_table_without_colours() throws IOException {
    assertThat(askOf(200, "{\"loops\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}")).isZero();
    assertThat(captured.out()).startsWith("a  ").contains("\n\nb  ").doesNotContain("\u001b");
  }

  @Test
  void as_json_it_is_what_the_node_says_on_one_line() throws IOException {
    assertThat(askOf(200, "{\"loops\": [],\n \"more\": 1}", "loop-stats", "--json")).isZero();
    assertThat(captured.out()).isEqualTo("{\"loops\":[],\"more\":1}\n");
  }

  @Test
  void the_portable_transport_has_none() throws IOException {
    assertThat(askOf(200, "{\"loops\": []}")).isZero();
    assertThat(captured.out())
        .isEqualTo("This node has no poll loops: it runs on the portable transport.\n");
  }

  @Test
  void what_is_no_answer_of_a_node_is_a_sentence() throws IOException {
    assertThat(askOf(404, "nothing here")).isEqualTo(1);
    assertThat(captured.err()).contains("status 404 (expected: 200)").hasLineCount(1);
    assertThat(askOf(200, "<html>")).isEqualTo(1);
    assertThat(captured.err()).endsWith("tells of its loops is no JSON\n").hasLineCount(1);
    assertThat(askOf(200, "{}")).isEqualTo(1);
    assertThat(captured.err()).endsWith("is no list of loops\n").hasLineCount(1);
  }

  @Test
  void a_node_that_is_away_is_a_sentence() {
    assertThat(captured.run("loop-stats", "--once", "--url", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(captured.err())
        .isEqualTo(
            "kantele: no node answers at http://127.0.0.1:1;"
                + " start one with ./kantele serve, or name its address by --url\n");
  }

  @Test
  void a_terminal_is_drawn_anew_each_time() throws IOException {
    JsonNode none = new JsonMapper().readTree("{\"loops\": []}");
    JsonNode one = new JsonMapper().readTree("{\"loops\": [{\"name\": \"a\"}]}");
    var told = new ArrayDeque<>(List.of(none, one));
    var out = new ByteArrayOutputStream();
    var screen = new Screen(new PrintStream(out), System.err, Style.PLAIN, Style.PLAIN);

    LoopStatsCommand.redraw(told::remove, screen, () -> !told.isEmpty());

    assertThat(out.toString(UTF_8))
        .startsWith("\u001b[H\u001b[JThis node")
        .contains("transport.\n\u001b[H\u001b[Ja  ");
  }
}
