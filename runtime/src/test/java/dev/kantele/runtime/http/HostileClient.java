package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.websocket.RawPeer;
import dev.kantele.runtime.websocket.TestFront;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * A client that means harm, at a socket: it is refused in so many words or cut off, others are
 * served meanwhile, and nothing that it sends is in the log.
 */
@Timeout(30)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileClient {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");
  static final int MAX_BYTES = 10_000;

  /** One of the node's own; shown nowhere. */
  static final String TOKEN = "kt_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

  static final String ANN = "Host: localhost\nAuthorization: Bearer " + TOKEN + "\n";

  private final ActorSystem<Void> system = TestFront.system();
  final TestFront front =
      TestFront.start(
          system,
          """
          websocket.max-message-bytes = 10000
          http.idle-timeout = 1s
          http.head-timeout = 1s
          security.limits.connections = 50
          """,
          (token, _) ->
              CompletableFuture.completedStage(
                  token.filter(given -> given.reveal().equals(TOKEN)).isPresent()
                      ? new Authentication.Authenticated("ann")
                      : new Authentication.Refused("The token is not valid.")));

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void others_are_served_and_the_log_is_quiet() throws IOException {
    try (RawPeer other = RawPeer.open(front.address())) {
      assertThat(other.request("GET /v1/agents HTTP/1.1\n" + ANN)).startsWith("HTTP/1.1 200 ");
    }
    root().detachAppender(log);
    assertThat(List.copyOf(log.list))
        .noneMatch(event -> event.getFormattedMessage().contains("kt_"))
        .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    log.list.clear();
  }

  @AfterAll
  void stop() {
    front.close();
    system.terminate();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** A response: its status, and its body if that is JSON. */
  record Response(int status, String head, JsonNode body) {
    String code() {
      return body.at("/error/code").asText();
    }

    String message() {
      return body.at("/error/message").asText();
    }
  }

  static Response read(RawPeer peer) throws IOException {
    String head = peer.head();
    Matcher length = LENGTH.matcher(head);
    String body = length.find() ? peer.body(Integer.parseInt(length.group(1))) : "";
    assertThat(body).doesNotContain("Exception", "java.", "pekko", TOKEN);
    if (!body.isEmpty()) {
      assertThat(head).contains("Content-Type: application/json");
    }
    return new Response(
        Integer.parseInt(head.substring(9, 12)), head, JSON.readTree(body.isEmpty() ? "{}" : body));
  }

  /** Sends bytes, and reads the one response. */
  Response send(byte[] request) throws IOException {
    try (RawPeer peer = RawPeer.open(front.address())) {
      try {
        peer.write(request);
      } catch (SocketException _) {
        // Cut off; what was answered before is there all the same.
      }
      return read(peer);
    }
  }

  /** Sends the lines of a head. */
  Response sendHead(String lines) throws IOException {
    return send(bytes(lines.replace("\n", "\r\n") + "\r\n"));
  }

  Response post(String headers, String body) throws IOException {
    return send(
        bytes(
            ("POST /v1/sessions/s/commands HTTP/1.1\n" + ANN + headers + "\n").replace("\n", "\r\n")
                + body));
  }

  Response postWhole(String body) throws IOException {
    return post("Content-Length: " + bytes(body).length + "\n", body);
  }
}
