package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.InputRequested;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.EventBody.TurnOutputRejected;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.EventBody.TurnSteered;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.ResultGiven;
import dev.kantele.runtime.log.JournalRecord.TurnOptions;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The turns of one log: what each may do, until when, and what a model must be told of it. */
final class TurnBook {
  private final Findings findings;
  private final Map<TurnId, Turn> turns = new LinkedHashMap<>();
  private final Set<TurnId> unwanted = new HashSet<>();
  private final Set<TurnId> forbidden = new HashSet<>();

  /** What users said that a model is to be told, in order. */
  private final List<Said> said = new ArrayList<>();

  private final Set<InvocationId> onClients = new HashSet<>();
  private final Map<InvocationId, Long> clientLimits = new HashMap<>();
  private AgentLimits limits = AgentLimits.DEFAULT;
  private @Nullable Turn running;
  private boolean anyUnwanted;

  private record Said(TurnId turn, List<Part> content) {}

  private static final class Turn {
    final TurnId id;
    final List<Part> content;
    final List<List<Part>> steers = new ArrayList<>();
    boolean ended;
    int modelCalls;
    int toolCalls;
    int retries;
    long pausedMillis;
    int rejected;
    Optional<JsonNode> schema = Optional.empty();

    /** Whether its agent was configured no longer at a time, so that other limits held. */
    boolean lax;

    long cancelledBy = Long.MAX_VALUE;
    long outOfTimeAt = Long.MAX_VALUE;

    /**
     * The calls that wait for somebody, and since when any does; meanwhile the turn's clock stands.
     */
    final Set<InvocationId> waiting = new HashSet<>();

    long waitingSince;

    Turn(TurnQueued queued) {
      this.id = queued.turn();
      this.content = queued.content();
    }
  }

  TurnBook(Findings findings) {
    this.findings = findings;
  }

  /** Takes in a row that is in the journal now; {@code readyMillis} is the session's own clock. */
  void durable(JournalRecord row, long readyMillis) {
    if (row.content() instanceof Visible(var body)) {
      durable(body, readyMillis);
    }
    if (row.content() instanceof Visible(StreamFailed failed) && failed.willRetry()) {
      willRetry(Duration.between(row.at(), failed.retryAt().orElse(row.at())));
    }
    if (row.content() instanceof ResultGiven(var result)) {
      given(result.invocation(), readyMillis);
    }
    if (row.content() instanceof TurnOptions options && turns.containsKey(options.turn())) {
      turns.get(options.turn()).schema = options.outputSchema();
    }
  }

  private void willRetry(Duration pause) {
    if (running == null) {
      return;
    }
    running.retries++;
    running.pausedMillis += pause.toMillis();
    if (running.lax) {
      return;
    }
    if (running.retries > limits.retries()) {
      limit("retry %d of a turn (expected: at most %d)", running.retries, limits.retries());
    }
    long most = limits.retryTime().toMillis();
    if (running.pausedMillis > most) {
      limit("%d ms of pauses in a turn (expected: at most %d)", running.pausedMillis, most);
    }
  }

  /** The session decides while its agent is configured no longer. */
  void agentIsGone() {
    if (running != null) {
      running.lax = true;
    }
  }

  private void durable(EventBody.Durable body, long readyMillis) {
    switch (body) {
      case EventBody.SessionOpened opened -> limits = SimulatedCatalog.limitsOf(opened.agent());
      case TurnQueued queued -> turns.put(queued.turn(), new Turn(queued));
      case TurnStarted started -> started(started);
      case TurnSteered steered -> {
        if (running != null) {
          running.steers.add(steered.content());
        }
      }
      case TurnOutputRejected rejected -> outputRejected(rejected);
      case StreamStarted started -> streamStarted(started);
      case ToolRequested requested -> {
        if (requested.executor() == ToolExecutor.CLIENT) {
          onClients.add(requested.invocation());
        }
      }
      case ToolStarted started -> {
        toolStarted(started);
        if (onClients.contains(started.invocation())) {
          clientLimits.put(started.invocation(), readyMillis + 700 + Books.LATENESS_MILLIS);
        }
      }
      case ToolApprovalRequired required -> waits(required.invocation(), readyMillis);
      case InputRequested requested ->
          requested.asker().ifPresent(asker -> waits(asker, readyMillis));
      case ToolApproved approved -> waitsNoLonger(approved.invocation(), readyMillis);
      case EventBody.Terminal end when end instanceof EventBody.OfInvocation of ->
          callEnded(of.invocation(), readyMillis);
      case TurnCompleted end -> {
        output(end);
        ended(end.turn(), readyMillis);
      }
      case TurnFailed end -> {
        tellSteers();
        ended(end.turn(), readyMillis);
      }
      case TurnCancelled end -> cancelled(end, readyMillis);
      default -> {}
    }
  }

  private void started(TurnStarted started) {
    if (forbidden.contains(started.turn())) {
      findings.add(
          Rule.CANCEL_MEETS_ITS_DEADLINE, started.turn() + " starts, although it was cancelled");
    }
    running = turns.get(started.turn());
    if (running != null) {
      said.add(new Said(running.id, running.content));
    }
  }

  private void streamStarted(StreamStarted started) {
    tellSteers();
    int attempts = Math.max(limits.attempts(), AgentLimits.DEFAULT.attempts());
    if (started.attempt() > attempts) {
      limit("attempt %d at a model call (expected: at most %d)", started.attempt(), attempts);
    }
    if (running != null && started.attempt() == 1 && ++running.modelCalls > limits.modelCalls()) {
      limit("model call %d (expected: at most %d)", running.modelCalls, limits.modelCalls());
    }
  }

  private void toolStarted(ToolStarted started) {
    /* One more where the tool said of the last attempt that it had no effect. */
    int attempts = Math.max(limits.attempts(), AgentLimits.DEFAULT.attempts()) + 1;
    if (started.attempt() > attempts) {
      limit("attempt %d at a tool call (expected: at most %d)", started.attempt(), attempts);
    }
    if (running != null && started.attempt() == 1 && ++running.toolCalls > limits.toolCalls()) {
      limit("tool call %d (expected: at most %d)", running.toolCalls, limits.toolCalls());
    }
  }

  private void waits(InvocationId invocation, long readyMillis) {
    if (running != null && running.waiting.add(invocation) && running.waiting.size() == 1) {
      running.waitingSince = readyMillis;
    }
  }

  /* What hooks need after that is their own time. */
  private void given(InvocationId invocation, long readyMillis) {
    long limit = clientLimits.getOrDefault(invocation, Long.MAX_VALUE);
    if (readyMillis > limit) {
      findings.add(
          Rule.LIMITS_HOLD,
          "call %s ended at %d (expected: until %d)".formatted(invocation, readyMillis, limit));
    }
    clientLimits.remove(invocation);
  }

  private void callEnded(InvocationId invocation, long readyMillis) {
    given(invocation, readyMillis);
    waitsNoLonger(invocation, readyMillis);
  }

  private void waitsNoLonger(InvocationId invocation, long readyMillis) {
    if (running != null && running.waiting.remove(invocation) && running.waiting.isEmpty()) {
      long more = readyMillis - running.waitingSince + Books.LATENESS_MILLIS;
      running.outOfTimeAt += Math.min(more, Long.MAX_VALUE - running.outOfTimeAt);
    }
  }

  private void outputRejected(TurnOutputRejected rejected) {
    Turn turn = running;
    if (turn == null || turn.schema.isEmpty()) {
      wrongOutput(rejected + ": nobody asked for output of a form");
      return;
    }
    said.add(new Said(turn.id, List.of(new Part.Text(rejected.message()))));
    if (++turn.rejected > Math.max(limits.outputRepairs(), AgentLimits.DEFAULT.outputRepairs())) {
      limit("answer %d rejected (expected: at most %d)", turn.rejected, limits.outputRepairs());
    }
  }

  private void output(TurnCompleted end) {
    Turn turn = turns.get(end.turn());
    if (turn == null) {
      return;
    }
    boolean due = turn.schema.isPresent() && end.stopReason() == StopReason.END;
    if (due != end.output().isPresent()) {
      wrongOutput(end + " of a prompt that asked for " + turn.schema);
    } else if (due && !OutputSchemas.fits(turn.schema.get(), end.output().get())) {
      wrongOutput(end + " does not fit " + turn.schema);
    }
  }

  private void wrongOutput(String sentence) {
    findings.add(Rule.OUTPUT_FITS, sentence);
  }

  private void limit(String sentence, long is, long bound) {
    findings.add(Rule.LIMITS_HOLD, sentence.formatted(is, bound));
  }

  private void tellSteers() {
    if (running != null) {
      for (List<Part> steer : running.steers) {
        said.add(new Said(running.id, steer));
      }
      running.steers.clear();
    }
  }

  private void cancelled(TurnCancelled end, long readyMillis) {
    Turn turn = turns.get(end.turn());
    if (turn != null && turn == running) {
      if (end.rolledBack()) {
        said.removeIf(message -> message.turn().equals(turn.id));
        turn.steers.clear();
      } else {
        tellSteers();
      }
    }
    if (!unwanted.contains(end.turn()) && !anyUnwanted) {
      findings.add(
          Rule.CLOSING_A_CONNECTION_ENDS_NOTHING_ELSE,
          "turn " + end.turn() + " was cancelled, though nobody had asked");
    }
    ended(end.turn(), readyMillis);
  }

  private void ended(TurnId id, long readyMillis) {
    Turn turn = turns.get(id);
    if (turn == null) {
      return;
    }
    turn.ended = true;
    if (turn == running) {
      running = null;
    }
    requireEnd(Rule.CANCEL_MEETS_ITS_DEADLINE, id, readyMillis, turn.cancelledBy);
    requireEnd(Rule.LIMITS_HOLD, id, readyMillis, turn.outOfTimeAt);
  }

  private void requireEnd(Rule rule, TurnId id, long readyMillis, long latest) {
    if (readyMillis > latest) {
      findings.add(
          rule, "turn %s ended at %d (expected: until %d)".formatted(id, readyMillis, latest));
    }
  }

  /** A client has a turn cancelled, one way or the other. */
  void commanded(SessionState state, Command.OfSession command) {
    switch (command) {
      case Command.Cancel cancel -> cancel.turn().or(() -> running(state)).ifPresent(unwanted::add);
      case Command.Prompt prompt -> {
        PromptPolicy policy = prompt.policy().orElse(PromptPolicy.ENQUEUE);
        if (policy == PromptPolicy.INTERRUPT || policy == PromptPolicy.ROLLBACK) {
          running(state).ifPresent(unwanted::add);
        }
      }
      case Command.SessionClose _, Command.SessionDelete _ -> anyUnwanted = true;
      default -> {}
    }
  }

  private static Optional<TurnId> running(SessionState state) {
    return state.turn().map(turn -> turn.request().turn());
  }

  /** Whether a turn is known to the journal. */
  boolean knows(TurnId turn) {
    return turns.containsKey(turn);
  }

  /** A cancelled turn must have ended when the session's own clock shows {@code readyMillis}. */
  void cancelledBy(TurnId id, long readyMillis) {
    Turn turn = turns.get(id);
    if (turn != null && !turn.ended) {
      turn.cancelledBy = Math.min(turn.cancelledBy, readyMillis);
    }
  }

  /** A turn is cancelled that may not have come yet. */
  void mustNotStart(TurnId id) {
    forbidden.add(id);
  }

  /** A turn is out of time, and must have ended, at {@code readyMillis}. */
  void outOfTimeAt(TurnId id, long readyMillis) {
    Turn turn = turns.get(id);
    if (turn != null && !turn.ended) {
      turn.outOfTimeAt = Math.min(turn.outOfTimeAt, readyMillis);
    }
  }

  /** Checks what a model is called with. */
  void called(Effect.CallModel call) {
    List<Message> transcript = call.request().transcript();
    for (String fault : Transcripts.faults(transcript)) {
      findings.add(Rule.TRANSCRIPTS_ARE_VALID, fault + " in " + transcript);
    }
    List<List<Part>> users =
        transcript.stream()
            .filter(message -> message.role() == Role.USER)
            .map(Message::content)
            .toList();
    List<List<Part>> expected = said.stream().map(Said::content).toList();
    if (!users.equals(expected)) {
      findings.add(
          Rule.TRANSCRIPTS_ARE_VALID, "users said %s (expected: %s)".formatted(users, expected));
    }
  }

  /** Checks a state that the session goes on with. */
  void reached(SessionState state) {
    int waiting = state.queue().size() + state.turn().map(turn -> turn.steers().size()).orElse(0);
    if (waiting > limits.queuedTurns()) {
      limit("%d turns wait (expected: at most %d)", waiting, limits.queuedTurns());
    }
  }

  /** The ids of the turns that there were, the latest last. */
  List<TurnId> ids() {
    return List.copyOf(turns.keySet());
  }

  /** The turns that have not ended. */
  List<TurnId> open() {
    var open = new HashMap<TurnId, Turn>(turns);
    open.values().removeIf(turn -> turn.ended);
    return List.copyOf(open.keySet());
  }
}
