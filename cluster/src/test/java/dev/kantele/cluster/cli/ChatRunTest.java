package dev.kantele.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ChatRunTest {
  private static final TurnId OTHER = new TurnId("other");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Optional<String> elsewhere = Optional.of("--url http://node ");

  private ChatRun chat(FakeAccess access, boolean json) {
    return new ChatRun(
        access,
        new ChatRun.Request(
            new SessionId("s"),
            Optional.of("writer"),
            Optional.of("acme/large"),
            "Hello",
            json,
            elsewhere),
        new Screen(
            new PrintStream(out, /* autoFlush= */ true, UTF_8),
            new PrintStream(err, /* autoFlush= */ true, UTF_8),
            Style.PLAIN,
            Style.PLAIN));
  }

  private static EventBody text(TurnId turn, String text) {
    return new EventBody.TextDelta(turn, new StreamId("m"), 0, text);
  }

  private static EventBody completed(TurnId turn) {
    return new EventBody.TurnCompleted(
        turn, StopReason.END, Optional.empty(), Usage.NONE, Optional.empty());
  }

  private static EventBody snapshot(int page, List<SnapshotState.QueuedTurn> queue) {
    return new EventBody.SessionSnapshot(
        page,
        2,
        new SnapshotState(
            FakeAccess.LOG, "writer", Optional.empty(), false, List.of(), queue, Optional.empty()));
  }

  private boolean run(Function<TurnId, List<EventBody>> log) {
    return chat(new FakeAccess(0, log), /* json= */ false).run();
  }

  @Test
  void a_turn_that_completes_is_a_success() {
    assertThat(run(turn -> List.of(text(turn, "Hi."), completed(turn)))).isTrue();
    assertThat(out.toString(UTF_8)).isEqualTo("Hi.\n");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void a_turn_that_fails_is_none() {
    var failure = new Failure("overloaded", "the model is busy", /* retryable= */ true);

    assertThat(run(turn -> List.of(new EventBody.TurnFailed(turn, failure, Usage.NONE)))).isFalse();
    assertThat(out.toString(UTF_8)).isEqualTo("x the model is busy\n");
  }

  @Test
  void a_turn_that_somebody_cancels_is_none() {
    assertThat(
            run(
                turn ->
                    List.of(new EventBody.TurnCancelled(turn, Optional.empty(), List.of(), false))))
        .isFalse();
  }

  @Test
  void a_call_that_waits_says_how_to_decide() {
    run(turn -> List.of(approvalRequired(turn), completed(turn)));

    assertThat(err.toString(UTF_8))
        .isEqualTo("(it goes on with: ./kantele approve --url http://node s i1 [--deny])\n");
  }

  @Test
  void a_question_says_how_to_answer() {
    run(
        turn ->
            List.of(
                new EventBody.InputRequested(
                    turn,
                    new RequestId("r1"),
                    Optional.empty(),
                    "Which?",
                    Optional.empty(),
                    Optional.empty()),
                completed(turn)));

    assertThat(out.toString(UTF_8)).contains("? Which?");
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "(it goes on with: ./kantele answer --url http://node s r1 ANSWER, or --decline)\n");
  }

  @Test
  void who_runs_the_node_itself_hears_that_nobody_can_decide() {
    elsewhere = Optional.empty();

    run(turn -> List.of(approvalRequired(turn), completed(turn)));

    assertThat(err.toString(UTF_8)).startsWith("(nobody can decide while the node runs in this");
  }

  private static EventBody approvalRequired(TurnId turn) {
    return new EventBody.ToolApprovalRequired(turn, new InvocationId("i1"), Optional.empty());
  }

  @Test
  void a_session_that_closes_is_none() {
    assertThat(run(_ -> List.of(new EventBody.SessionClosed(Optional.empty())))).isFalse();
  }

  @Test
  void the_end_of_another_turn_is_not_awaited_but_passed() {
    assertThat(
            run(
                turn ->
                    List.of(
                        text(OTHER, "not mine"),
                        completed(OTHER),
                        text(turn, "Hi."),
                        completed(turn))))
        .isTrue();
    assertThat(out.toString(UTF_8)).isEqualTo("Hi.\n");
  }

  @Test
  void the_prompt_has_what_was_asked_for_and_the_number_that_is_due() {
    var access = new FakeAccess(0, turn -> List.of(completed(turn)));

    chat(access, /* json= */ false).run();

    assertThat(access.commands(Command.SessionOpen.class).getFirst().agent()).contains("writer");
    Command.Prompt prompt = access.commands(Command.Prompt.class).getFirst();
    assertThat(prompt.content()).containsExactly(new Part.Text("Hello"));
    assertThat(prompt.model()).contains("acme/large");
    assertThat(prompt.seq()).hasValue(3);
  }

  @Test
  void a_turn_that_waits_says_for_how_many() {
    chat(new FakeAccess(2, turn -> List.of(completed(turn))), /* json= */ false).run();

    assertThat(err.toString(UTF_8)).isEqualTo("(waiting for 2 other turns)\n");
  }

  @Test
  void json_is_every_event_and_nothing_else() {
    var access = new FakeAccess(2, turn -> List.of(text(OTHER, "Tère"), completed(turn)));

    assertThat(chat(access, /* json= */ true).run()).isTrue();
    assertThat(out.toString(UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"seq\":4"))
        .anyMatch(line -> line.contains("Tère"));
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void a_snapshot_that_has_the_turn_on_any_page_goes_on() {
    assertThat(
            run(
                turn ->
                    List.of(
                        snapshot(
                            1,
                            List.of(
                                new SnapshotState.QueuedTurn(turn, List.of(), new ClientId("c")))),
                        snapshot(2, List.of()),
                        completed(turn))))
        .isTrue();
  }

  @Test
  void a_snapshot_without_the_turn_says_that_its_end_was_missed() {
    assertThatThrownBy(() -> run(_ -> List.of(snapshot(1, List.of()), snapshot(2, List.of()))))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("see ./kantele tail s");
  }

  @Test
  void a_cancel_names_the_turn_of_the_prompt() {
    var access = new FakeAccess(0, turn -> List.of(completed(turn)));
    ChatRun chat = chat(access, /* json= */ false);
    chat.run();

    chat.cancel();

    assertThat(access.commands(Command.Cancel.class).getFirst().turn())
        .isEqualTo(access.commands(Command.Prompt.class).getFirst().turn());
  }
}
