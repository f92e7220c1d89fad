package dev.kantele.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A core on a journal in memory, driven by hand: each method gives one input, applies the rows that
 * come of it, and returns the step. Streams of life N are called sN-1, sN-2 and so on, counted over
 * all lives.
 */
final class TestSession {
  static final SessionId ID = new SessionId("session");
  static final ClientKey CLIENT = new ClientKey("owner", new ClientId("client"));
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final TestCatalog catalog = new TestCatalog();
  private final List<JournalRecord> journal = new ArrayList<>();
  private SessionState state = SessionState.EMPTY;
  private SessionLog log = new SessionLog(ID, SessionLog.DEFAULT_WINDOW_BYTES);
  private SessionCore core = coreOf(1);
  private Instant now = START;
  private int lives = 1;
  private int commands;
  private int logs;

  private SessionCore coreOf(int life) {
    return new SessionCore(ID, catalog, log, "" + life, () -> new LogId("log" + ++logs));
  }

  SessionState state() {
    return state;
  }

  SessionLog log() {
    return log;
  }

  Instant now() {
    return now;
  }

  List<JournalRecord> journal() {
    return journal;
  }

  /** Every event in the journal. */
  List<EventBody> events() {
    return journal.stream()
        .filter(row -> row.content() instanceof Visible)
        .map(row -> (EventBody) ((Visible) row.content()).body())
        .toList();
  }

  /** The transcript, in words. */
  List<String> transcript() {
    return Shown.transcript(state.transcript().messages());
  }

  OpenTurn turn() {
    return state.turn().orElseThrow();
  }

  TestSession pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  Step give(Input input) {
    Step step = core.step(state, input, now);
    for (JournalRecord row : step.rows()) {
      state = state.apply(row);
      journal.add(row);
    }
    core.committed(step, now);
    return step;
  }

  /** The session's node is started anew, with only the journal left. */
  Step recover() {
    state = SessionState.EMPTY;
    journal.forEach(row -> state = state.apply(row));
    log = new SessionLog(ID, SessionLog.DEFAULT_WINDOW_BYTES);
    log.restart(state.lastSeq(), state.reserved());
    core = coreOf(++lives);
    return give(new Input.Recovered());
  }

  Step command(ClientKey client, Command.OfSession command) {
    long ticket = ++commands;
    Step step = give(new Input.Commanded(client, command, ticket));
    assertThat(step.effects().stream().filter(Effect.Answer.class::isInstance))
        .as("one answer to %s", command)
        .hasSize(1)
        .allMatch(effect -> ((Effect.Answer) effect).ticket() == ticket);
    return step;
  }

  Step command(Command.OfSession command) {
    return command(CLIENT, command);
  }

  Step open() {
    return command(Commanding.open("open"));
  }

  /** The next prompt of the client; its id is the turn's name. */
  Step prompt(String turn, PromptPolicy policy) {
    return command(Commanding.prompt(turn, nextNumber(), turn, policy));
  }

  Step prompt(String turn) {
    return prompt(turn, PromptPolicy.ENQUEUE);
  }

  long nextNumber() {
    return state.clients().of(CLIENT).next();
  }

  Step cancel() {
    return command(Commanding.cancel("cancel"));
  }

  /** The stream that was started last. */
  StreamId stream() {
    return events().stream()
        .filter(StreamStarted.class::isInstance)
        .map(event -> ((StreamStarted) event).stream())
        .reduce((_, last) -> last)
        .orElse(new StreamId("s1-0"));
  }

  Step says(ModelEvent... events) {
    return give(new Input.ModelSaid(stream(), List.of(events)));
  }

  Step says(String text) {
    return says(new ModelEvent.TextDelta(0, text));
  }

  Step ends(StreamOutcome outcome) {
    return give(new Input.StreamEnded(stream(), outcome));
  }

  Step finishes(FinishReason reason, Usage usage) {
    return ends(new StreamOutcome.Finished(reason, usage, Map.of()));
  }

  Step finishes() {
    return finishes(FinishReason.END, new Usage(10, 5, 0));
  }

  Step breaks(boolean retryable) {
    return ends(new StreamOutcome.Broke(new Failure("broken", "the line is dead", retryable)));
  }

  /** The model asks for each of {@code tools}, without arguments, in parts 0, 1 and so on. */
  Step asks(String... tools) {
    for (int i = 0; i < tools.length; i++) {
      says(new ModelEvent.ToolCallStarted(i, tools[i]));
    }
    return finishes(FinishReason.TOOL_CALLS, new Usage(10, 5, 0));
  }

  /** Tool call {@code part} of the stream that was started last. */
  InvocationId call(int part) {
    return SessionLog.invocation(stream(), part);
  }

  Step toolEnds(int part, ToolOutcome outcome) {
    int attempt =
        state
            .turn()
            .flatMap(turn -> turn.call(call(part)))
            .map(OpenCall::attempt)
            .filter(number -> number > 0)
            .orElse(1);
    return give(new Input.ToolEnded(call(part), attempt, outcome));
  }

  Step toolCompletes(int part) {
    return toolEnds(part, new ToolOutcome.Completed(TextNode.valueOf("done " + part)));
  }

  Step toolSays(int part, String chunk) {
    return give(new Input.ToolSaid(call(part), 1, Optional.of(chunk), Optional.empty()));
  }

  Step fires(Timer timer) {
    return give(new Input.TimerFired(timer));
  }

  Step deadline(String turn) {
    return fires(new Timer.Deadline(new TurnId(turn)));
  }

  Step wallTime(String turn) {
    return fires(new Timer.WallTime(new TurnId(turn)));
  }

  Step retries() {
    return fires(new Timer.Retry(stream()));
  }

  /** {@code step}, in words. */
  List<String> shown(Step step) {
    return Shown.step(step, now);
  }

  static Reply reply(Step step) {
    return step.effects().stream()
        .filter(Effect.Answer.class::isInstance)
        .map(effect -> ((Effect.Answer) effect).reply())
        .findFirst()
        .orElseThrow();
  }

  /** The answer to the command that {@code step} came of, in words. */
  static String answer(Step step) {
    return Shown.reply(reply(step));
  }

  /** What the model is told by the one call of {@code step}, in words. */
  static List<String> told(Step step) {
    return Shown.transcript(modelCall(step).request().transcript());
  }

  /** The one model call of {@code step}. */
  static Effect.CallModel modelCall(Step step) {
    List<Effect.CallModel> calls =
        step.effects().stream()
            .filter(Effect.CallModel.class::isInstance)
            .map(Effect.CallModel.class::cast)
            .toList();
    assertThat(calls).hasSize(1);
    return calls.getFirst();
  }

  /** The tool runs of {@code step}. */
  static List<Effect.InvokeTool> toolRuns(Step step) {
    return step.effects().stream()
        .filter(Effect.InvokeTool.class::isInstance)
        .map(Effect.InvokeTool.class::cast)
        .toList();
  }
}
