package dev.kantele.runtime.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kantele.runtime.websocket.RawPeer;
import dev.kantele.runtime.websocket.TestFront;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpServerTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ActorSystem<Void> system = TestFront.system();

  @AfterAll
  void stop() {
    http.close();
    system.terminate();
  }

  private HttpResponse<String> request(TestFront front, String method, String path)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front.address().getPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Plain_requests {
    private final TestFront front = TestFront.start(system, "");

    @AfterAll
    void stop() {
      front.close();
    }

    @Test
    void for_life_are_answered() throws Exception {
      HttpResponse<String> response = request(front, "GET", "/health/live");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"status\":\"live\"}");
      assertThat(response.headers().firstValue("content-type")).contains("application/json");
      assertThat(response.headers().firstValue("server")).contains("kantele");
    }

    @Test
    void for_readiness_are_answered_as_the_node_says() throws Exception {
      assertThat(request(front, "GET", "/health/ready").statusCode()).isEqualTo(200);

      front.ready(false);
      HttpResponse<String> response = request(front, "GET", "/health/ready");
      front.ready(true);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("{\"status\":\"not_ready\"}");
    }

    @Test
    void for_anything_else_are_told_what_there_is() throws Exception {
      HttpResponse<String> response = request(front, "GET", "/favicon.ico");

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body())
          .isEqualTo(
              "{\"error\":{\"code\":\"not_found\",\"message\":\"Nothing is found under GET"
                  + " /favicon.ico (expected: a path of /v1/openapi.json, /v1/ws, /health/live or /health/ready).\"}}");
      assertThat(request(front, "GET", "/v1/sessions/a/b/c").statusCode()).isEqualTo(404);
    }

    @Test
    void by_another_method_are_told_which() throws Exception {
      HttpResponse<String> response = request(front, "POST", "/health/live");

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("allow")).contains("GET");
      assertThat(response.body()).contains("/health/live is answered to GET only, not to POST.");
      assertThat(request(front, "HEAD", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void for_the_web_socket_without_an_upgrade_are_told_so() throws Exception {
      HttpResponse<String> response = request(front, "GET", "/v1/ws");

      assertThat(response.statusCode()).isEqualTo(426);
      assertThat(response.headers().firstValue("sec-websocket-version")).contains("13");
      assertThat(response.body()).contains("connect to it with a WebSocket client");
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Upgrades {
    private final TestFront front =
        TestFront.start(system, "http.allowed-origins = [\"https://app.example.com\"]");

    @AfterAll
    void stop() {
      front.close();
    }

    private String upgrade(String moreHeaders) throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        String head =
            peer.request(
                """
                GET /v1/ws HTTP/1.1
                Host: 127.0.0.1:8080
                Connection: Upgrade
                Upgrade: websocket
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                """
                    + moreHeaders);
        int at = head.indexOf("Content-Length: ");
        return at < 0
            ? head
            : head + peer.body(Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at))));
      }
    }

    private String upgrade13(String moreHeaders) throws IOException {
      return upgrade("Sec-WebSocket-Version: 13\n" + moreHeaders);
    }

    @Test
    void choose_the_subprotocol_among_those_that_are_offered() throws IOException {
      assertThat(upgrade13("Sec-WebSocket-Protocol: other, kantele.v1.json\n"))
          .startsWith("HTTP/1.1 101 Switching Protocols")
          .contains("Sec-WebSocket-Protocol: kantele.v1.json\r\n");
    }

    @Test
    void need_no_subprotocol() throws IOException {
      assertThat(upgrade13(""))
          .startsWith("HTTP/1.1 101 Switching Protocols")
          .contains("Upgrade: websocket\r\n", "Connection: Upgrade\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .doesNotContain("Sec-WebSocket-Protocol");
    }

    @Test
    void with_other_subprotocols_only_are_refused() throws IOException {
      assertThat(upgrade13("Sec-WebSocket-Protocol: graphql-ws\n"))
          .startsWith("HTTP/1.1 400 ")
          .endsWith(
              "\"message\":\"The offered subprotocols are not spoken here; offer"
                  + " kantele.v1.json.\"}}");
    }

    @Test
    void of_another_version_are_told_the_one_that_is_spoken() throws IOException {
      assertThat(upgrade("Sec-WebSocket-Version: 8\n"))
          .startsWith("HTTP/1.1 426 ")
          .contains("Sec-WebSocket-Version: 13")
          .contains("WebSocket version 8 is not spoken here");
    }

    @Test
    void by_a_page_of_another_host_are_refused() throws IOException {
      assertThat(upgrade13("Origin: https://evil.example.com\n"))
          .startsWith("HTTP/1.1 403 ")
          .contains("kantele.http.allowed-origins");
    }

    @Test
    void by_pages_that_are_allowed_or_of_this_machine_are_taken() throws IOException {
      assertThat(upgrade13("Origin: https://app.example.com\n")).startsWith("HTTP/1.1 101 ");
      assertThat(upgrade13("Origin: http://localhost:3000\n")).startsWith("HTTP/1.1 101 ");
    }
  }

  @Nested
  class Limits {
    @Test
    void of_connections_are_told_before_the_upgrade() throws IOException {
      try (TestFront front = TestFront.start(system, "websocket.max-connections = 1");
          RawPeer first = RawPeer.greeted(front.address(), "a");
          RawPeer second = RawPeer.open(front.address())) {
        String head =
            second.request(
                """
                GET /v1/ws HTTP/1.1
                Host: localhost
                Connection: Upgrade
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                """);

        assertThat(head).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5");
        first.reset();
      }
    }
  }

  @Nested
  class Listening {
    private String failure(String changes) {
      Throwable failure = catchThrowable(() -> TestFront.start(system, changes));
      assertThat(failure).hasCauseInstanceOf(HttpBindException.class);
      return String.valueOf(requireNonNull(failure.getCause()).getMessage());
    }

    @Test
    void on_a_port_that_is_in_use_is_told_in_a_sentence() {
      try (TestFront front = TestFront.start(system, "")) {
        int port = front.address().getPort();

        assertThat(failure("http.port = " + port))
            .isEqualTo(
                "port %d on 127.0.0.1 is in use; choose another with --port or stop the other process"
                    .formatted(port));
      }
    }

    @Test
    void on_a_host_that_nobody_knows_is_told_in_a_sentence() {
      assertThat(failure("http.host = nowhere.invalid, http.insecure = true"))
          .isEqualTo(
              "host nowhere.invalid is unknown; choose a name or an address of this machine with"
                  + " --host");
    }

    @Test
    void on_an_address_of_another_machine_is_told_in_a_sentence() {
      assertThat(failure("http.host = 192.0.2.1, http.insecure = true"))
          .isEqualTo("192.0.2.1 is no address of this machine; choose one that is with --host");
    }

    @Test
    void ends_with_the_server() throws Exception {
      TestFront front = TestFront.start(system, "");
      assertThat(request(front, "GET", "/health/live").statusCode()).isEqualTo(200);

      front.close();

      assertThatThrownBy(() -> request(front, "GET", "/health/live"))
          .isInstanceOf(IOException.class);
    }
  }
}
