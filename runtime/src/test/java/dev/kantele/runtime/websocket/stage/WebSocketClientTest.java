package dev.kantele.runtime.websocket.stage;

import static dev.kantele.runtime.websocket.stage.PeerFrame.close;
import static dev.kantele.runtime.websocket.stage.PeerFrame.text;
import static dev.kantele.runtime.websocket.stage.PeerFrame.utf8;
import static dev.kantele.runtime.websocket.stage.TestConnection.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.Role;
import dev.kantele.runtime.websocket.handshake.ClientRequest;
import dev.kantele.runtime.websocket.handshake.HeaderField;
import dev.kantele.runtime.websocket.handshake.ServerHandshake;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A client's stage, whose time a test moves. */
final class WebSocketClientTest {
  private static final StageSettings SETTINGS = StageSettings.of(1_000);
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final TestConnection<ClientConnection> client =
      new TestConnection<>(
          KIT.system(),
          Role.CLIENT,
          WebSocketFlow.client(
              SETTINGS,
              new ClientRequest("localhost", "/chat", List.of("chat"), Optional.empty(), List.of()),
              new SecureRandom()));
  private final ByteString response = response(client.write().orElseThrow().utf8String());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static ByteString response(String request) {
    List<String> lines = Arrays.asList(request.split("\r\n"));
    ServerHandshake answer =
        ServerHandshake.answer(
            "GET",
            true,
            name ->
                lines.stream()
                    .filter(
                        line ->
                            line.toLowerCase(Locale.ROOT)
                                .startsWith(name.toLowerCase(Locale.ROOT) + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .toList(),
            List.of("chat"),
            Optional.empty());
    var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    for (HeaderField field : ((ServerHandshake.Accepted) answer).fields()) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return ByteString.fromString(head.append("\r\n").toString());
  }

  private static ByteString frame(PeerFrame frame) {
    return ByteString.fromArray(frame.wire(/* masked= */ false));
  }

  private void failsWith(String message) {
    assertThatThrownBy(client::write)
        .hasRootCauseInstanceOf(WebSocketException.class)
        .hasRootCauseMessage(message);
    assertThatThrownBy(() -> get(client.materialized().upgraded())).hasRootCauseMessage(message);
    assertThatThrownBy(client::nextMessages).hasRootCauseMessage(message);
    assertThat(get(client.materialized().closed()).code()).isEqualTo(CloseStatus.LOST);
  }

  @Nested
  class Connecting {
    @Test
    void is_done_when_the_response_is_right() {
      client.receives(response);

      assertThat(get(client.materialized().upgraded()).subprotocol()).contains("chat");
    }

    @Test
    void takes_a_response_byte_by_byte_and_frames_right_behind_it() {
      for (int i = 0; i < response.length() - 1; i++) {
        client.receives(response.slice(i, i + 1));
      }
      client.receives(response.takeRight(1).concat(frame(text("first"))));

      assertThat(client.nextMessages()).contains(List.of("first"));
    }

    @Test
    void holds_messages_back_until_then() {
      client.sends(Frames.text("early"));
      client.receives(response);

      assertThat(client.nextWrite()).containsExactly(EchoPeer.line(1, utf8("early")));
    }

    @Test
    void and_completing_at_once_closes_when_it_is_done() {
      client.completes();
      client.receives(response);

      assertThat(client.nextWrite()).containsExactly("close 1000");
    }

    @Test
    void fails_if_the_server_refuses() {
      client.receives(ByteString.fromString("HTTP/1.1 404 Not Found\r\n\r\n"));

      failsWith("The server refused: status 404.");
    }

    @Test
    void fails_if_the_response_is_too_long() {
      client.receives(ByteString.fromString("HTTP/1.1 101 X\r\nA: " + "x".repeat(17_000)));

      failsWith("The response's head has more than 16384 bytes.");
    }

    @Test
    void fails_if_the_server_goes() {
      client.ends();

      failsWith("The server closed the connection before it answered the request.");
    }

    @Test
    void fails_if_it_takes_too_long() {
      TIME.timePasses(SETTINGS.handshakeTimeout());

      failsWith("The server did not answer the request in time.");
    }
  }

  @Nested
  class Connected {
    Connected() {
      client.receives(response);
      get(client.materialized().upgraded());
    }

    @Test
    void masks_what_it_sends() {
      client.sends(Frames.text("hello"));

      ByteString written = client.write().orElseThrow();

      assertThat(written.apply(1) & 0x80).isEqualTo(0x80);
      assertThat(client.lines(written)).containsExactly(EchoPeer.line(1, utf8("hello")));
    }

    @Test
    void is_not_failed_by_the_time_for_connecting() {
      TIME.timePasses(SETTINGS.handshakeTimeout());
      client.receives(frame(text("still here")));

      assertThat(client.nextMessages()).contains(List.of("still here"));
    }

    @Test
    void lets_the_server_end_the_connection_when_both_have_closed() {
      client.completes();
      assertThat(client.nextWrite()).containsExactly("close 1000");
      client.receives(close(1000, ""));
      assertThat(client.nextMessages()).isEmpty();

      client.ends();

      assertThat(client.write()).isEmpty();
    }

    @Test
    void ends_it_after_the_time_limit_if_the_server_does_not() {
      client.completes();
      assertThat(client.nextWrite()).containsExactly("close 1000");
      client.receives(close(1000, ""));
      assertThat(client.nextMessages()).isEmpty();

      TIME.timePasses(SETTINGS.closeTimeout());

      assertThat(client.write()).isEmpty();
    }

    @Test
    void refuses_frames_with_masks() {
      client.receives(ByteString.fromArray(text("x").wire(/* masked= */ true)));

      assertThat(client.nextWrite()).containsExactly("close 1002");
    }
  }
}
