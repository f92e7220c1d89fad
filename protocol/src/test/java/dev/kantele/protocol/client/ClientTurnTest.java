package dev.kantele.protocol.client;

import static dev.kantele.protocol.client.ClientHarness.MIN;
import static dev.kantele.protocol.client.ClientHarness.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ClientTurnTest extends FakeNodeFixture {
  private static final Usage USAGE = new Usage(1, 1, 0);

  private static EventBody said(TurnId turn, String text) {
    return new EventBody.StreamCompleted(
        turn,
        Peer.STREAM,
        Message.of(Role.ASSISTANT, List.of(new Part.Text(text))),
        USAGE,
        FinishReason.END);
  }

  private static EventBody completed(TurnId turn) {
    return new EventBody.TurnCompleted(
        turn, StopReason.END, Optional.empty(), USAGE, Optional.empty());
  }

  @Test
  void a_prompt_names_its_turn_and_takes_the_next_number() throws InterruptedException {
    node.then(
        peer -> {
          peer.opened(1, 7);
          came.add(peer.accepted());
          came.add(peer.accepted());
          peer.waitForTheEnd();
        });
    ClientSession session = open();

    ClientTurn first = session.prompt("one");
    join(first.accepted());
    ClientTurn second = session.prompt("two", PromptPolicy.INTERRUPT);
    join(second.accepted());

    var one = (Command.Prompt) ClientHarness.take(came);
    var two = (Command.Prompt) ClientHarness.take(came);
    assertThat(one.seq()).hasValue(7);
    assertThat(one.turn()).contains(first.id());
    assertThat(one.policy()).isEmpty();
    assertThat(two.seq()).hasValue(8);
    assertThat(two.policy()).contains(PromptPolicy.INTERRUPT);
    assertThat(two.turn()).isNotEqualTo(one.turn());
  }

  @Test
  void its_result_is_its_last_message_and_its_end() {
    node.then(
        peer -> {
          peer.opened(4, 1);
          TurnId turn = peer.accepted().turn().orElseThrow();
          came.add(peer.attached(9));
          peer.event(5, said(Peer.TURN, "of another turn"));
          peer.event(6, said(turn, "first"));
          peer.event(7, said(turn, "last"));
          peer.event(8, completed(Peer.TURN));
          peer.event(9, completed(turn)).waitForTheEnd();
        });
    ClientTurn turn = open().prompt("hello");

    TurnResult result = join(turn.result());

    assertThat(result.isCompleted()).isTrue();
    assertThat(result.text()).isEqualTo("last");
    assertThat(result.turn()).isEqualTo(turn.id());
    assertThat(result.end()).contains((EventBody.Terminal) completed(turn.id()));
    assertThat(((Command.SessionAttach) came.remove()).after()).isEqualTo(4);
    assertThat(join(turn.result())).isEqualTo(result);
  }

  @Test
  void a_lost_connection_changes_nothing_of_it() throws InterruptedException {
    var turns = new LinkedBlockingQueue<TurnId>();
    node.then(
        peer -> {
          peer.opened(4, 1);
          came.add(peer.next());
        });
    node.then(
        peer -> {
          Command.Prompt prompt = peer.greet().accepted();
          came.add(prompt);
          turns.add(prompt.turn().orElseThrow());
          peer.attached(5);
          peer.event(5, said(prompt.turn().orElseThrow(), "half"));
        });
    node.then(
        peer -> {
          Command.SessionAttach attach = peer.greet().attached(6);
          TurnId turn = turns.remove();
          if (attach.after() == 4) {
            peer.event(5, said(turn, "half"));
          }
          peer.event(6, completed(turn)).waitForTheEnd();
        });
    CompletableFuture<TurnResult> result = open().prompt("hello").result();

    harness.endPause(MIN);
    harness.endPause(MIN);

    assertThat(join(result).text()).isEqualTo("half");
    assertThat(came).hasSize(2);
    assertThat(came.remove()).isEqualTo(came.remove());
  }

  @Test
  void it_ended_unseen_where_a_snapshot_no_longer_has_it() {
    node.then(
        peer -> {
          peer.opened(4, 1);
          peer.accepted();
          peer.attached(90);
          peer.event(new Covers(1, 90), Snapshots.page(1, 1)).waitForTheEnd();
        });

    TurnResult result = join(open().prompt("hello").result());

    assertThat(result.end()).isEmpty();
    assertThat(result.isCompleted()).isFalse();
  }

  @Test
  void a_refused_prompt_has_no_result() {
    node.then(
        peer -> {
          peer.opened(4, 1);
          peer.nack(peer.next(), ErrorCode.QUEUE_FULL);
          peer.accepted();
          peer.waitForTheEnd();
        });
    ClientSession session = open();
    ClientTurn refused = session.prompt("one");

    assertThatThrownBy(() -> join(refused.accepted())).isInstanceOf(CommandRefusedException.class);
    assertThatThrownBy(() -> join(refused.result()))
        .isInstanceOf(CommandRefusedException.class)
        .extracting("code")
        .isEqualTo(ErrorCode.QUEUE_FULL);
    join(session.prompt("two").accepted());
  }

  @Test
  void it_can_be_cancelled_before_the_node_has_heard_of_it() {
    node.then(
        peer -> {
          peer.opened(4, 1);
          Command.Prompt prompt = peer.next(Command.Prompt.class);
          Command.Cancel cancel = peer.next(Command.Cancel.class);
          assertThat(cancel.turn()).isEqualTo(prompt.turn());
          assertThat(cancel.reason()).contains("changed my mind");
          peer.done(cancel);
          peer.nack(prompt, ErrorCode.TURN_CANCELLED).waitForTheEnd();
        });
    ClientTurn turn = open().prompt("hello");

    join(turn.cancel("changed my mind"));

    assertThatThrownBy(() -> join(turn.result()))
        .extracting("code")
        .isEqualTo(ErrorCode.TURN_CANCELLED);
  }

  @Test
  void its_result_does_not_wait_for_a_subscriber_that_asks_for_nothing() {
    node.then(
        peer -> {
          peer.opened(4, 1);
          TurnId turn = peer.accepted().turn().orElseThrow();
          peer.attached(5);
          peer.event(5, completed(turn)).waitForTheEnd();
        });
    ClientSession session = open();
    Recorder _ = Recorder.of(session.events(0), 0);

    assertThat(join(session.prompt("hello").result()).isCompleted()).isTrue();
  }

  @Test
  void a_numbered_prompt_or_one_of_another_session_is_misuse() {
    node.then(peer -> peer.opened(4, 1).waitForTheEnd());
    ClientSession session = open();

    assertThatThrownBy(() -> session.prompt(prompt("other", java.util.OptionalLong.empty())))
        .hasMessage("session: other (expected: s)");
    assertThatThrownBy(() -> session.prompt(prompt("s", java.util.OptionalLong.of(3))))
        .hasMessage("seq: 3 (expected: none; the client numbers)");
  }

  private static Command.Prompt prompt(String session, java.util.OptionalLong seq) {
    return new Command.Prompt(
        new dev.kantele.protocol.CommandId("p"),
        new dev.kantele.protocol.SessionId(session),
        seq,
        List.of(new Part.Text("x")),
        Optional.empty(),
        Optional.empty(),
        java.util.OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
