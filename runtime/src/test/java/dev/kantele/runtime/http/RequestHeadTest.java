package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadTest {
  private static Optional<RequestHead> read(String text) {
    return RequestHead.read(text.getBytes(ISO_8859_1));
  }

  @Test
  void has_a_method_a_path_and_values_by_name_in_any_case() {
    RequestHead head =
        read("GET /v1/ws?a=b HTTP/1.1\r\nHost:  here \r\nX: 1\r\nx:2\r\nEmpty:\r\n\r\n")
            .orElseThrow();

    assertThat(head.method()).isEqualTo("GET");
    assertThat(head.target()).isEqualTo("/v1/ws?a=b");
    assertThat(head.path()).isEqualTo("/v1/ws");
    assertThat(head.values("hOST")).containsExactly("here");
    assertThat(head.values("X")).containsExactly("1", "2");
    assertThat(head.values("Empty")).containsExactly("");
    assertThat(head.values("None")).isEmpty();
    assertThat(head.mayHaveBody()).isFalse();
    assertThat(head.repeats(List.of("Host", "None"))).isFalse();
    assertThat(head.repeats(List.of("Host", "X"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 0", "Transfer-Encoding: chunked", "EXPECT: 100-continue"})
  void may_announce_a_body(String field) {
    assertThat(read("GET / HTTP/1.1\r\n" + field + "\r\n\r\n").orElseThrow().mayHaveBody())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.0\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u00e9\r\n\r\n",
        "GET / HTTP/1.1\r\n: b\r\n\r\n",
        "\r\n\r\n"
      })
  void that_is_not_plain_is_left_to_others(String text) {
    assertThat(read(text)).isEmpty();
  }

  @Nested
  class Its_buffer {
    private static final String HEAD = "GET / HTTP/1.1\r\n\r\n";
    private final HeadBuffer buffer = new HeadBuffer(1_024);

    private void add(String text) {
      buffer.add(ByteString.fromArray(text.getBytes(ISO_8859_1)));
    }

    @Test
    void is_empty_at_first() {
      assertThat(buffer.isEmpty()).isTrue();
      assertThat(buffer.isWhole()).isFalse();
      assertThat(buffer.isHopeless()).isFalse();
    }

    @Test
    void finds_the_end_wherever_it_is_cut() {
      for (int cut = 1; cut < HEAD.length(); cut++) {
        var cutBuffer = new HeadBuffer(1_024);
        cutBuffer.add(ByteString.fromString(HEAD.substring(0, cut)));
        assertThat(cutBuffer.isWhole()).isFalse();
        cutBuffer.add(ByteString.fromString(HEAD.substring(cut) + "rest"));

        assertThat(cutBuffer.isWhole()).isTrue();
        assertThat(cutBuffer.head()).asString().isEqualTo(HEAD);
        assertThat(cutBuffer.rest().utf8String()).isEqualTo("rest");
        assertThat(cutBuffer.all().utf8String()).isEqualTo(HEAD + "rest");
      }
    }

    @Test
    void takes_a_head_of_the_greatest_length_with_more_behind_it() {
      String longest = "G" + "x".repeat(1_024 - 5) + "\r\n\r\n";
      add(longest + "y".repeat(5_000));

      assertThat(buffer.isWhole()).isTrue();
      assertThat(buffer.isHopeless()).isFalse();
      assertThat(buffer.rest().length()).isEqualTo(5_000);
    }

    @Test
    void gives_up_what_is_longer_or_does_not_begin_like_a_request() {
      add("G" + "x".repeat(1_023));
      assertThat(buffer.isHopeless()).isFalse();
      add("x");
      assertThat(buffer.isHopeless()).isTrue();

      var other = new HeadBuffer(1_024);
      other.add(ByteString.fromArray(new byte[] {0x16, 0x03}));
      assertThat(other.isHopeless()).isTrue();
    }
  }
}
