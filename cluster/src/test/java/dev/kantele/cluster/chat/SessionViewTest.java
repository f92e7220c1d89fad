package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PendingRequest;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SessionViewTest {
  private static final SessionId S = new SessionId("s");
  private static final TurnId TURN = new TurnId("t-1");
  private static final StreamId STREAM = new StreamId("m");
  private static final InvocationId CALL = new InvocationId("i1");
  private static final long NOW = 50;

  private final SessionView view = new SessionView(S, NOW, Style.PLAIN);
  private long seq = NOW;

  private static Message message(Role role, String text) {
    return Message.of(role, List.of(new Part.Text(text)));
  }

  private static SnapshotState state(
      boolean closed,
      List<Message> transcript,
      List<SnapshotState.QueuedTurn> queue,
      Optional<SnapshotState.OpenTurn> turn) {
    return new SnapshotState(
        new LogId("log-1"), "a", Optional.empty(), closed, transcript, queue, turn);
  }

  private static SnapshotState said(String... texts) {
    return state(
        false,
        List.of(texts).stream().map(text -> message(Role.ASSISTANT, text)).toList(),
        List.of(),
        Optional.empty());
  }

  private static SnapshotState.OpenTurn turn(
      Optional<SnapshotState.OpenStream> stream, PendingRequest... pending) {
    return new SnapshotState.OpenTurn(
        TURN, stream, List.of(), List.of(), List.of(pending), Usage.NONE);
  }

  private String page(int page, int pages, SnapshotState state) {
    return view.accept(
        new Event(
            S,
            new Covers(1, seq),
            Instant.EPOCH,
            new EventBody.SessionSnapshot(page, pages, state)));
  }

  private String happens(EventBody body) {
    seq++;
    return view.accept(new Event(S, Covers.of(seq), Instant.EPOCH, body));
  }

  private static EventBody.TextDelta delta(String text) {
    return new EventBody.TextDelta(TURN, STREAM, 0, text);
  }

  private static EventBody completed() {
    return new EventBody.TurnCompleted(
        TURN, StopReason.END, Optional.empty(), Usage.NONE, Optional.empty());
  }

  @Nested
  class A_snapshot_at_the_start {
    @Test
    void shows_what_was_said_last() {
      SnapshotState state =
          state(
              false,
              List.of(
                  message(Role.USER, "One"),
                  message(Role.ASSISTANT, "1"),
                  message(Role.USER, "Two"),
                  message(Role.ASSISTANT, "2"),
                  message(Role.USER, "Three"),
                  message(Role.ASSISTANT, "3")),
              List.of(),
              Optional.empty());

      assertThat(page(1, 1, state)).isEqualTo("> Two\n2\n> Three\n3\n");
      assertThat(view.isBusy()).isFalse();
    }

    @Test
    void is_shown_when_its_last_page_is_there() {
      assertThat(page(1, 2, said("one"))).isEmpty();
      assertThat(view.isBusy()).isTrue();
      assertThat(page(2, 2, said("two"))).isEqualTo("one\ntwo\n");
    }

    @Test
    void begins_anew_at_its_first_page() {
      assertThat(page(1, 2, said("one"))).isEmpty();
      assertThat(page(1, 1, said("other"))).isEqualTo("other\n");
    }

    @Test
    void goes_on_with_the_stream_that_is_open() {
      var stream = new SnapshotState.OpenStream(STREAM, "m", 1, List.of(delta("Hel")));
      SnapshotState state =
          state(
              false,
              List.of(message(Role.USER, "Hi")),
              List.of(),
              Optional.of(turn(Optional.of(stream))));

      assertThat(page(1, 1, state)).isEqualTo("> Hi\nHel");
      assertThat(view.running()).contains(TURN);
      assertThat(happens(delta("lo"))).isEqualTo("lo");
      assertThat(happens(completed())).isEqualTo("\n");
      assertThat(view.isBusy()).isFalse();
    }

    @Test
    void brings_what_waits_for_somebody() {
      JsonNode arguments = JsonNodeFactory.instance.objectNode().put("to", "bob");
      var asked = new RequestId("r1");
      SnapshotState state =
          state(
              false,
              List.of(),
              List.of(),
              Optional.of(
                  turn(
                      Optional.empty(),
                      PendingRequest.approval(
                          TURN, CALL, "mail", Optional.of(arguments), Optional.empty()),
                      PendingRequest.input(
                          TURN,
                          new InvocationId("i2"),
                          asked,
                          "Which?",
                          Optional.empty(),
                          Optional.empty()))));

      String _ = page(1, 1, state);

      var call = new Pending.Approval(TURN, CALL, "mail", Optional.of(arguments));
      assertThat(view.due()).contains(call);
      view.sent(call);
      assertThat(view.due())
          .contains(
              new Pending.Question(
                  TURN, asked, Optional.of(new InvocationId("i2")), "Which?", Optional.empty()));
    }

    @Test
    void knows_the_turns_that_wait_and_says_their_prompts_when_they_start() {
      var waiting =
          new SnapshotState.QueuedTurn(
              TURN, List.of(new Part.Text("Later")), new ClientId("somebody"));
      String _ = page(1, 1, state(false, List.of(), List.of(waiting), Optional.empty()));

      assertThat(view.isBusy()).isTrue();
      assertThat(happens(new EventBody.TurnStarted(TURN))).isEqualTo("> Later\n");
    }

    @Test
    void tells_that_the_session_is_closed() {
      String _ = page(1, 1, state(true, List.of(), List.of(), Optional.empty()));

      assertThat(view.isClosed()).isTrue();
    }
  }

  @Nested
  class A_snapshot_later {
    @Test
    void says_that_something_is_left_out_and_goes_on() {
      String _ = page(1, 1, said("before"));
      String _ = happens(new EventBody.TurnStarted(TURN));
      assertThat(happens(delta("Hel"))).isEqualTo("Hel");
      var stream = new SnapshotState.OpenStream(STREAM, "m", 1, List.of(delta("Hello, wor")));
      SnapshotState state =
          state(false, List.of(), List.of(), Optional.of(turn(Optional.of(stream))));

      assertThat(page(1, 1, state))
          .isEqualTo("\n(what happened meanwhile is kept no longer; the last turns:)\nHello, wor");
      assertThat(happens(delta("ld"))).isEqualTo("ld");
    }

    @Test
    void ends_a_turn_that_ended_unseen() {
      String _ = page(1, 1, said("before"));
      String _ = happens(new EventBody.TurnStarted(TURN));
      String _ = page(1, 1, said("after"));

      assertThat(view.isBusy()).isFalse();
      assertThat(view.recent()).isEqualTo("after\n");
    }
  }
}
