package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.websocket.RawPeer;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes to the port is no HTTP, or not as it should be. */
final class HostileHttpTest extends HostileClient {
  @Nested
  class A_request_that_is_no_http {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "GET /v1/agents                      | 505 | invalid_message",
          "GET /v1/agents HTTP/0.9             | 505 | invalid_message",
          "PRI * HTTP/2.0                      | 501 | invalid_message",
          "DANCE /v1/agents HTTP/1.1           | 501 | invalid_message",
          "CONNECT evil.example:443 HTTP/1.1   | 400 | invalid_message",
          "GET /v1/sessions/%zz HTTP/1.1       | 400 | invalid_message",
          "GET /v1/agents#x HTTP/1.1           | 400 | invalid_message",
          "GET ? HTTP/1.1                      | 400 | invalid_message",
          "GET http://evil.example/ HTTP/1.1   | 400 | invalid_message"
        })
    void by_its_first_line_is_refused(String line, int status, String code) throws IOException {
      Response response = sendHead(line.strip() + "\n" + ANN);

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.code()).isEqualTo(code);
      assertThat(response.head()).contains("Connection: close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\1\2\3\u00ff\u00fe\r\n\r\n", "GET / HTTP/1.1\r\nX: \u00e4\r\n\r\n"})
    void but_half_of_something_is_cut_off(String bytes) throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        peer.write(bytes(bytes));

        assertThat(peer.readToEnd()).isZero();
      }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "Host: localhost                | 400 | invalid_message",
          "Bad Header: x                  | 400 | invalid_message",
          "X-Space : x                    | 400 | invalid_message",
          "Content-Length: -1             | 400 | invalid_message",
          "Content-Length: +2             | 400 | invalid_message",
          "Content-Length: 0x2            | 400 | invalid_message",
          "Content-Length: 2, 2           | 400 | invalid_message",
          "Content-Length: 99999999999999999999 | 400 | invalid_message",
          "Transfer-Encoding: xchunked    | 400 | invalid_message",
          "Transfer-Encoding: gzip, chunked | 400 | invalid_message"
        })
    void by_a_header_is_refused(String header, int status, String code) throws IOException {
      Response response = post(header.strip() + "\n", "{}");

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.code()).isEqualTo(code);
      assertThat(front.sessions().commands()).isZero();
    }

    @Test
    void because_of_its_size_is_told_the_bound() throws IOException {
      Response uri = sendHead("GET /" + "a".repeat(20_000) + " HTTP/1.1\n" + ANN);
      assertThat(uri.status()).isEqualTo(414);
      assertThat(uri.message())
          .isEqualTo("URI length exceeds the configured limit of 2048 characters.");

      Response header = sendHead("GET / HTTP/1.1\n" + ANN + "X: " + "z".repeat(100_000) + "\n");
      assertThat(header.status()).isEqualTo(431);
      assertThat(header.code()).isEqualTo("limit_exceeded");
      assertThat(header.message()).contains("8192");

      Response headers = sendHead("GET / HTTP/1.1\n" + ANN + "X-A: b\n".repeat(500));
      assertThat(headers.status()).isEqualTo(400);
      assertThat(headers.message()).contains("64 headers");
    }
  }

  @Nested
  class A_request_within_a_request {
    private static final String INNER =
        "0\r\n\r\nPOST /v1/sessions/inner/commands HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Content-Length: 4\nTransfer-Encoding: chunked\n",
          "Transfer-Encoding: chunked\nContent-Length: 4\n",
          "Content-Length: 4\nContent-Length: 60\n",
          "Transfer-Encoding: identity, chunked\n"
        })
    void is_not_seen_where_two_lengths_differ(String headers) throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        peer.write(
            bytes(
                ("POST /v1/sessions/s/commands HTTP/1.1\n" + ANN + headers + "\n")
                        .replace("\n", "\r\n")
                    + INNER));

        assertThat(read(peer).status()).isEqualTo(400);
        assertThat(peer.readToEnd()).isZero();
      }
      assertThat(front.sessions().commands()).isZero();
    }

    @Test
    void is_the_next_one_where_they_are_right_with_a_caller_of_its_own() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        peer.write(
            bytes(
                ("GET /v1/agents HTTP/1.1\n"
                        + ANN
                        + "\nGET /v1/agents HTTP/1.1\nHost: localhost\n\n")
                    .replace("\n", "\r\n")));

        assertThat(read(peer).status()).isEqualTo(200);
        assertThat(read(peer).status()).isEqualTo(401);
      }
    }
  }

  @Nested
  class A_body {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "zz\r\n{}\r\n0\r\n\r\n",
          "-1\r\n{}\r\n0\r\n\r\n",
          "ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
          "2;LONG\r\n{}\r\n0\r\n\r\n",
          "2\r\n{}x\r\n0\r\n\r\n"
        })
    void in_broken_chunks_is_the_clients_fault(String chunks) throws IOException {
      Response response =
          post("Transfer-Encoding: chunked\n", chunks.replace("LONG", "a".repeat(10_000)));

      assertThat(response.status()).isEqualTo(400);
      assertThat(response.code()).isEqualTo("invalid_message");
      assertThat(front.sessions().commands()).isZero();
    }

    @Test
    void that_breaks_off_has_no_effect() throws IOException {
      try (RawPeer peer = RawPeer.open(front.address())) {
        peer.write(
            bytes(
                ("POST /v1/sessions/s/commands HTTP/1.1\n" + ANN + "Content-Length: 99\n\n{")
                    .replace("\n", "\r\n")));
        peer.shutdownOutput();
        peer.readToEnd();
      }
      assertThat(front.sessions().commands()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {MAX_BYTES + 1, 100_000_000, Long.MAX_VALUE})
    void that_says_it_is_too_large_is_not_read(long length) throws IOException {
      Response response = post("Content-Length: " + length + "\n", "{}");

      assertThat(response.status()).isEqualTo(413);
      assertThat(response.code()).isEqualTo("limit_exceeded");
      assertThat(response.message()).contains("at most " + MAX_BYTES + " bytes");
      assertThat(response.head()).contains("Connection: close");
    }

    @Test
    void of_which_too_much_comes_is_cut_off() throws IOException {
      String chunk = "1000\r\n" + " ".repeat(4_096) + "\r\n";

      Response response = post("Transfer-Encoding: chunked\n", chunk.repeat(50));

      assertThat(response.status()).isEqualTo(413);
      assertThat(response.head()).contains("Connection: close");
    }

    @Test
    void of_a_stranger_is_not_waited_for() throws IOException {
      Response response =
          sendHead(
              "POST /v1/sessions/s/commands HTTP/1.1\nHost: localhost\nContent-Length: 9000\n");

      assertThat(response.status()).isEqualTo(401);
      assertThat(response.head()).contains("Connection: close");
    }

    @Test
    void of_json_without_measure_is_told_the_bound() throws IOException {
      Response deep = postWhole("{\"type\":\"ping\",\"x\":" + "[".repeat(5_000));
      assertThat(deep.status()).isEqualTo(413);
      assertThat(deep.message()).contains("at most 64");

      Response number = postWhole("{\"type\":\"prompt\",\"seq\":" + "9".repeat(5_000) + "}");
      assertThat(number.status()).isEqualTo(413);
      assertThat(number.message()).contains("5000 characters");

      Response exponent = postWhole("{\"type\":\"session.open\",\"metadata\":{\"n\":1e999999999}}");
      assertThat(exponent.status()).isEqualTo(413);
    }

    @Test
    void that_is_no_text_is_refused() throws IOException {
      assertThat(postWhole("{\"type\":\"\u00ff\u00fe\"}").message()).contains("UTF-8");
      assertThat(postWhole("{\"type\":\"session.open\",\"type\":\"session.delete\"}").message())
          .contains("twice");
      assertThat(postWhole("{\"type\":\"session.open\",\"metadata\":\"\\ud800\"}").status())
          .isEqualTo(400);
    }
  }

  @Nested
  class A_path {
    @ParameterizedTest
    @CsvSource({
      "/v1/sessions/..%2f..%2fetc%2fpasswd, 400",
      "/v1/sessions/%00, 400",
      "/v1/sessions/s%2Fevents, 400",
      "/v1/sessions/%252e%252e, 400",
      "//evil.example/v1/agents, 404",
      "/v1/sessions/s/events/x, 404",
      "/../../etc/passwd, 404"
    })
    void out_of_the_api_leads_nowhere(String path, int status) throws IOException {
      assertThat(sendHead("GET " + path + " HTTP/1.1\n" + ANN).status()).isEqualTo(status);
      assertThat(front.sessions().commands()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "OPTIONS", "PATCH", "DELETE"})
    void by_another_method_shows_nothing_of_the_request(String method) throws IOException {
      Response response = sendHead(method + " /v1/agents HTTP/1.1\n" + ANN);

      assertThat(response.status()).isEqualTo(405);
    }
  }

  @Nested
  class A_name_of_the_node {
    @ParameterizedTest
    @CsvSource({
      "evil.example, 403",
      "127.0.0.1.evil.example, 403",
      "localhost.evil.example, 403",
      "localhost@evil.example, 400",
      "evil.example:80@localhost, 400",
      "localhost:99999, 400",
      "localhost:8080, 200",
      "[::1], 200"
    })
    void must_be_one_of_this_machine(String host, int status) throws IOException {
      assertThat(
              sendHead(
                      "GET /v1/agents HTTP/1.1\nHost: "
                          + host
                          + "\nAuthorization: Bearer "
                          + TOKEN
                          + "\n")
                  .status())
          .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://evil.example",
          "null",
          "http://localhost.evil.example",
          "file://",
          "http://a@b"
        })
    void is_not_enough_for_a_page_of_elsewhere(String origin) throws IOException {
      Response asked = sendHead("GET /v1/agents HTTP/1.1\n" + ANN + "Origin: " + origin + "\n");
      Response may = sendHead("OPTIONS /v1/agents HTTP/1.1\n" + ANN + "Origin: " + origin + "\n");

      assertThat(asked.status()).isEqualTo(403);
      assertThat(may.status()).isEqualTo(403);
      assertThat(asked.head() + may.head()).doesNotContain("Access-Control-Allow-Origin");
    }
  }
}
