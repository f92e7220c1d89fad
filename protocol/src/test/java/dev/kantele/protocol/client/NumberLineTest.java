package dev.kantele.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NumberLineTest {
  private final List<String> sent = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private final ManualTimers timers = new ManualTimers();
  private final OutstandingCommands outstanding =
      new OutstandingCommands(
          command -> {
            sent.add(shown(command));
            return Optional.empty();
          },
          timers::schedule,
          Backoff.DEFAULT,
          ClientHarness.NO_JITTER);
  private final NumberLine line = new NumberLine(outstanding);

  NumberLineTest() {
    line.expects(5);
  }

  private static String shown(Command command) {
    return command.id() + "=" + ((Command.Numbered) command).seq().orElse(0);
  }

  private void submit(String... ids) {
    for (String id : ids) {
      line.submit(prompt(id), new Ends(id));
    }
  }

  private static Command.Prompt prompt(String id) {
    return new Command.Prompt(
        new CommandId(id),
        Peer.SESSION,
        OptionalLong.empty(),
        List.of(new Part.Text(id)),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private final class Ends implements ReplyHandler {
    private final String id;

    Ends(String id) {
      this.id = id;
    }

    @Override
    public void replied(Reply reply) {
      ends.add(
          id
              + switch (reply) {
                case Reply.Ack _ -> " acked";
                case Reply.Nack nack -> " " + nack.error().code().wireName();
                case Reply.Welcome _, Reply.Pong _ -> " ?";
              });
    }

    @Override
    public void failed(ClientException because) {
      ends.add(id + " " + because.getMessage());
    }
  }

  private void ack(String id) {
    outstanding.replied(Reply.Ack.of(new CommandId(id), new AckBody.Done()));
  }

  private void nack(String id, ErrorCode code) {
    outstanding.replied(Reply.Nack.of(new CommandId(id), code, "no"));
  }

  private void misnumbered(String id, ErrorCode code, long expected) {
    outstanding.replied(
        new Reply.Nack(Optional.of(new CommandId(id)), WireError.expecting(code, "no", expected)));
  }

  private void confirm() {
    submit("first");
    ack("first");
    sent.clear();
    ends.clear();
  }

  @Test
  void the_first_goes_alone_with_the_number_that_the_session_named() {
    submit("a", "b", "c");

    assertThat(sent).containsExactly("a=5");
  }

  @Test
  void those_after_it_go_together_once_it_was_acknowledged() {
    submit("a", "b", "c");
    ack("a");

    assertThat(sent).containsExactly("a=5", "b=6", "c=7");
    assertThat(ends).containsExactly("a acked");
  }

  @Test
  void a_refused_command_uses_no_number_up() {
    submit("a", "b");
    nack("a", ErrorCode.QUEUE_FULL);

    assertThat(sent).containsExactly("a=5", "b=5");
    assertThat(ends).containsExactly("a queue_full");
  }

  @Test
  void those_behind_a_refused_one_move_up_in_their_order() {
    confirm();
    submit("a", "b", "c");
    nack("a", ErrorCode.QUEUE_FULL);
    misnumbered("b", ErrorCode.SEQUENCE_GAP, 6);
    submit("d");
    misnumbered("c", ErrorCode.SEQUENCE_GAP, 6);
    ack("b");
    ack("c");
    ack("d");

    assertThat(sent).containsExactly("a=6", "b=7", "c=8", "b=6", "c=7", "d=8");
    assertThat(ends).containsExactly("a queue_full", "b acked", "c acked", "d acked");
  }

  @Test
  void a_number_that_was_used_up_is_replaced_by_the_expected_one() {
    submit("a");
    misnumbered("a", ErrorCode.DUPLICATE_SEQUENCE, 9);
    ack("a");
    submit("b");

    assertThat(sent).containsExactly("a=5", "a=9", "b=10");
    assertThat(ends).containsExactly("a acked");
  }

  @Test
  void a_node_that_never_names_the_right_number_is_believed_in_the_end() {
    submit("a");
    for (int i = 0; i < 20; i++) {
      misnumbered("a", ErrorCode.SEQUENCE_GAP, 100 + i);
    }

    assertThat(ends).containsExactly("a sequence_gap");
    assertThat(sent).hasSizeLessThan(12);
  }

  @Test
  void all_that_were_sent_go_again_as_they_were_on_a_new_connection() {
    confirm();
    submit("a", "b");
    ack("a");
    submit("c");
    outstanding.lost();
    sent.clear();
    outstanding.opened();

    assertThat(sent).containsExactly("b=7", "c=8");
  }

  @Test
  void what_the_session_said_at_its_opening_counts_only_before_the_first_command() {
    confirm();
    line.expects(2);
    submit("a");

    assertThat(sent).containsExactly("a=6");
  }

  @Test
  void not_more_than_a_few_are_on_the_way() {
    confirm();
    for (int i = 0; i < 40; i++) {
      submit("c" + i);
    }

    assertThat(sent).hasSize(32);
    ack("c0");
    assertThat(sent).hasSize(33);
  }

  @Test
  void each_fails_once_when_the_client_ends() {
    submit("a", "b");
    var end = new ConnectionEndedException(ConnectionEndedException.Reason.CLOSED_HERE, "closed");
    outstanding.ended(end);
    line.ended(end);

    assertThat(ends).containsExactly("a closed", "b closed");
  }
}
