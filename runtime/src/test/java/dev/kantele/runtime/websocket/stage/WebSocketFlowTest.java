package dev.kantele.runtime.websocket.stage;

import static dev.kantele.runtime.websocket.stage.PeerFrame.close;
import static dev.kantele.runtime.websocket.stage.PeerFrame.frame;
import static dev.kantele.runtime.websocket.stage.PeerFrame.ping;
import static dev.kantele.runtime.websocket.stage.PeerFrame.text;
import static dev.kantele.runtime.websocket.stage.PeerFrame.utf8;
import static dev.kantele.runtime.websocket.stage.TestConnection.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A server's stage, whose time a test moves. */
final class WebSocketFlowTest {
  private static final StageSettings SETTINGS = StageSettings.of(1_000);
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final TestConnection<CompletionStage<CloseStatus>> server =
      new TestConnection<>(
          KIT.system(), Role.SERVER, WebSocketFlow.server(SETTINGS, Optional.empty()));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static String line(String text) {
    return EchoPeer.line(1, utf8(text));
  }

  private static String pong(String data) {
    return EchoPeer.line(10, utf8(data));
  }

  private void messagesFail(int code, String message) {
    assertThatThrownBy(server::nextMessages)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(WebSocketException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  private void endsAs(int code, String reason, boolean byPeer) {
    assertThat(get(server.materialized())).isEqualTo(new CloseStatus(code, reason, byPeer));
  }

  @Nested
  class Open {
    @Test
    void what_comes_with_one_read_is_one_element() {
      server.receives(text("a"), text("b"), text("c"));

      assertThat(server.nextMessages()).contains(List.of("a", "b", "c"));
    }

    @Test
    void one_element_is_one_write() {
      server.sends(Frames.builder().text("a").text("b").build());
      server.sends(Frames.text("c"));

      assertThat(server.nextWrite()).containsExactly(line("a"), line("b"));
      assertThat(server.nextWrite()).containsExactly(line("c"));
    }

    @Test
    void pings_are_answered_and_not_shown() {
      server.receives(text("a"), ping("1"), text("b"), ping("2"));

      assertThat(server.nextWrite()).containsExactly(pong("1"), pong("2"));
      assertThat(server.nextMessages()).contains(List.of("a", "b"));
    }

    @Test
    void a_ping_of_this_side_is_sent() {
      server.sends(Frames.builder().ping(ByteString.fromString("?")).build());

      assertThat(server.write().orElseThrow().toArray()).containsExactly(0x89, 1, '?');
    }

    @Test
    void pings_are_answered_when_messages_were_cancelled() {
      server.cancelsMessages();
      server.receives(text("a"), ping("1"));

      assertThat(server.nextWrite()).containsExactly(pong("1"));
    }

    @Test
    void nothing_is_read_while_nobody_asks() {
      var read = new AtomicInteger();
      Flow<Frames, Frames, ?> user =
          Flow.fromSinkAndSource(
              Sink.<Frames>queue(1).withAttributes(Attributes.inputBuffer(1, 1)),
              Source.single(Frames.text("here")).concat(Source.maybe()));
      CompletionStage<ByteString> first =
          Source.range(1, 1_000)
              .map(
                  _ -> {
                    read.incrementAndGet();
                    return ByteString.fromArray(text("a").wire(true));
                  })
              .via(WebSocketFlow.server(SETTINGS, Optional.empty()).join(user))
              .runWith(Sink.head(), KIT.system());

      get(first);

      assertThat(read).hasValueLessThan(10);
    }

    @Test
    void messages_come_in_pieces_where_that_is_set() {
      var inPieces =
          new StageSettings(
              SETTINGS.limits(),
              /* inPieces= */ true,
              SETTINGS.closeTimeout(),
              SETTINGS.handshakeTimeout(),
              SETTINGS.compression());
      var pieces =
          new TestConnection<>(
              KIT.system(), Role.SERVER, WebSocketFlow.server(inPieces, Optional.empty()));

      pieces.receives(frame(0x01, "one "));
      assertThat(pieces.nextMessages()).contains(List.of("one "));
      pieces.receives(frame(0x80, "message"));
      assertThat(pieces.nextMessages()).contains(List.of("message"));
    }
  }

  @Nested
  class ClosedByThePeer {
    @Test
    void ends_the_messages_and_is_answered_when_this_side_has_ended() {
      server.receives(text("last"), close(4000, "why"));
      assertThat(server.nextMessages()).contains(List.of("last"));
      assertThat(server.nextMessages()).isEmpty();

      server.sends(Frames.text("rest"));
      assertThat(server.nextWrite()).containsExactly(line("rest"));
      server.completes();

      assertThat(server.nextWrite()).containsExactly("close 4000");
      assertThat(server.write()).isEmpty();
      endsAs(4000, "why", true);
    }

    @Test
    void is_read_to_the_end_of_the_connection() {
      server.receives(close(1000, ""));
      server.completes();
      assertThat(server.nextWrite()).containsExactly("close 1000");
      assertThat(server.write()).isEmpty();

      server.receives(text("after the close"));
      assertThat(server.isRead()).isTrue();
      TIME.timePasses(SETTINGS.closeTimeout());

      server.isNotReadAnyMore();
    }

    @Test
    void is_answered_after_the_time_limit_if_this_side_goes_on() {
      server.receives(close(1000, ""));
      assertThat(server.nextMessages()).isEmpty();

      TIME.timePasses(SETTINGS.closeTimeout());

      assertThat(server.nextWrite()).containsExactly("close 1000");
      assertThat(server.write()).isEmpty();
      endsAs(1000, "", true);
    }
  }

  @Nested
  class ClosedByThisSide {
    @Test
    void by_completing_is_1000_and_waits_for_the_answer() {
      server.sends(Frames.text("last"));
      server.completes();
      assertThat(server.nextWrite()).containsExactly(line("last"));
      assertThat(server.nextWrite()).containsExactly("close 1000");

      server.receives(text("crossing"), close(1000, ""));

      assertThat(server.nextMessages()).contains(List.of("crossing"));
      assertThat(server.nextMessages()).isEmpty();
      assertThat(server.write()).isEmpty();
      endsAs(1000, "", false);
    }

    @Test
    void goes_behind_all_that_was_sent_before_and_waits_for_the_socket() {
      for (String text : List.of("a", "b", "c")) {
        server.sends(Frames.text(text));
      }
      server.receives(ping("1"));
      server.completes();

      var written = new ArrayList<String>();
      while (!written.contains("close 1000")) {
        written.addAll(server.nextWrite());
      }
      assertThat(written).last().isEqualTo("close 1000");
      written.remove(pong("1"));
      assertThat(written).containsExactly(line("a"), line("b"), line("c"), "close 1000");
    }

    @Test
    void by_a_frame_has_its_code() {
      server.sends(Frames.builder().text("bye").close(4001, "enough").build());
      assertThat(server.nextWrite()).containsExactly(line("bye"), "close 4001");

      server.receives(close(4001, ""));

      assertThat(server.write()).isEmpty();
      endsAs(4001, "enough", false);
    }

    @Test
    void by_failing_is_1011() {
      server.fails(new IllegalStateException("broken"));

      assertThat(server.nextWrite()).containsExactly("close 1011");
      assertThatThrownBy(server::nextMessages).hasRootCauseMessage("broken");
      server.receives(close(1011, ""));
      assertThat(server.write()).isEmpty();
      endsAs(1011, "", false);
    }

    @Test
    void fails_if_the_peer_does_not_answer_in_time() {
      server.completes();
      assertThat(server.nextWrite()).containsExactly("close 1000");

      TIME.timePasses(SETTINGS.closeTimeout());

      assertThatThrownBy(server::write).hasRootCauseMessage("The peer did not close in time.");
      endsAs(1000, "", false);
    }

    @Test
    void answers_no_pings_any_more() {
      server.completes();
      assertThat(server.nextWrite()).containsExactly("close 1000");

      server.receives(ping("?"), close(1000, ""));

      assertThat(server.write()).isEmpty();
    }
  }

  @Nested
  class Violated {
    @Test
    void the_peer_is_told_and_the_messages_fail_after_those_before() {
      server.receives(text("good"), frame(0xC1, "bad"), text("later"));
      assertThat(server.nextMessages()).contains(List.of("good"));

      messagesFail(1002, "Reserved bits are set without an extension that says what they mean.");
      assertThat(server.nextWrite()).containsExactly("close 1002");
      server.receives(close(1002, ""));
      assertThat(server.write()).isEmpty();
      endsAs(1002, "Reserved bits are set without an extension that says what they mean.", false);
    }

    @Test
    void a_message_that_is_too_large_is_1009() {
      server.receives(text("x".repeat(1_001)));

      assertThat(server.nextWrite()).containsExactly("close 1009");
      messagesFail(1009, "A message may have 1000 bytes at the most.");
    }
  }

  @Nested
  class Lost {
    @Test
    void a_connection_that_ends_without_a_close_fails_the_messages() {
      server.receives(text("last"));
      server.ends();

      assertThat(server.nextMessages()).contains(List.of("last"));
      messagesFail(1006, "The peer ended the connection without a close frame.");
      assertThat(server.write()).isEmpty();
      endsAs(1006, "The peer ended the connection without a close frame.", true);
    }

    @Test
    void within_a_message_the_rest_is_not_awaited() {
      server.receives(frame(0x01, "begun"));
      server.ends();

      messagesFail(1006, "The peer ended the connection without a close frame.");
    }
  }
}
