package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.SessionOpened;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Erased;
import dev.kantele.runtime.log.JournalRecord.TurnOptions;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is written down beside a session, to hold it against the {@link Rule}s: by what is in
 * the journal, by what it decides, and by what it has done.
 */
final class Books {
  /** How much later than planned a timer may fire and its consequences be in the journal. */
  static final long LATENESS_MILLIS = 150;

  private final World world;
  private final SessionId session;
  private final SimulatedCatalog catalog;
  private final EffectBook effects;
  private final Set<Command.OfSession> sent = new HashSet<>();
  private @Nullable Ledger ledger;
  private TurnBook turns;
  private ReplyBook replies;
  private ApprovalBook approvals;

  Books(World world, SessionId session, SimulatedCatalog catalog) {
    this.world = world;
    this.session = session;
    this.catalog = catalog;
    this.effects = new EffectBook(world.findings);
    this.turns = new TurnBook(world.findings);
    this.replies = new ReplyBook(world.findings);
    this.approvals = new ApprovalBook(world.findings, catalog);
  }

  ApprovalBook approvals() {
    return approvals;
  }

  EffectBook effects() {
    return effects;
  }

  TurnBook turns() {
    return turns;
  }

  ReplyBook replies() {
    return replies;
  }

  /** The latest log; null if there was none yet. */
  @Nullable Ledger ledger() {
    return ledger;
  }

  /** Rows are in the journal now, whether or not the session knows. */
  void durable(List<JournalRecord> rows, long readyMillis) {
    for (JournalRecord row : rows) {
      if (row.content() instanceof Visible(SessionOpened opened)) {
        ledger = new Ledger(world, session, opened.log());
        turns = new TurnBook(world.findings);
        replies = new ReplyBook(world.findings);
        approvals = new ApprovalBook(world.findings, catalog);
      }
      if (ledger != null) {
        ledger.durable(row);
      }
      turns.durable(row, readyMillis);
      replies.durable(row);
      effects.durable(row);
      approvals.durable(row);
      if (row.content() instanceof Erased) {
        turns = new TurnBook(world.findings);
        replies = new ReplyBook(world.findings);
      }
    }
  }

  /** Checks what a session's window takes. */
  void checkWindow(long bytes) {
    /* The latest entry stays even if it is larger than the window, as the end of a long stream is. */
    long bound = world.circumstances.windowBytes() + 16 * 1_024;
    if (bytes > bound) {
      world.findings.add(
          Rule.SLOW_READERS_COST_NOTHING,
          "the window takes %d bytes (expected: at most %d)".formatted(bytes, bound));
    }
  }

  /** A client sends a command, which may come late, twice or never. */
  void sent(Command.OfSession command) {
    sent.add(command);
  }

  /** The session has decided, and nothing of it is written yet. */
  void decided(Decision decision) {
    Optional<String> agent = decision.before().identity().map(SessionState.Identity::agent);
    if (agent.flatMap(catalog::agent).isEmpty()) {
      turns.agentIsGone();
    }
    if (decision.input().orElse(null) instanceof Input.Commanded commanded) {
      replies.decided(decision.before(), commanded, decision.step());
      if (isAcked(decision.step()) && sent.contains(commanded.command())) {
        turns.commanded(decision.before(), commanded.command());
      }
    }
  }

  private static boolean isAcked(Step step) {
    return step.effects().stream()
        .anyMatch(effect -> effect instanceof Effect.Answer(_, Reply.Ack ack) && !ack.duplicate());
  }

  /** The session knows that what it decided is durable, and has given its live events numbers. */
  void done(Decision decision, SessionState after, Clock clock) {
    Step step = decision.step();
    long seq = clock.lastSeq() - step.live().size();
    for (EventBody.Live live : step.live()) {
      seq++;
      if (ledger != null) {
        ledger.live(seq, live);
      }
    }
    if (decision.input().orElse(null) instanceof Input.Commanded commanded && isAcked(step)) {
      deadline(decision.before(), commanded.command(), clock.readyMillis());
    }
    for (JournalRecord row : step.rows()) {
      if (row.content() instanceof Visible(TurnStarted(var turn))) {
        wallTime(turn, after, clock.readyMillis());
      }
    }
    turns.reached(after);
  }

  /** What a session's clock shows, and the last number of its log. */
  record Clock(long readyMillis, long lastSeq) {}

  private void deadline(SessionState before, Command.OfSession command, long readyMillis) {
    if (command instanceof Command.Cancel cancel) {
      cancel.turn().ifPresent(turns::mustNotStart);
    }
    Optional<TurnId> running = before.turn().map(turn -> turn.request().turn());
    if (running.isEmpty()) {
      return;
    }
    long limit = limits(before).cancelDeadline().toMillis();
    Optional<Long> within =
        switch (command) {
          case Command.Cancel cancel
              when cancel.turn().isEmpty() || cancel.turn().equals(running) ->
              Optional.of(cancel.deadlineMs().orElse(limit)).filter(millis -> millis <= 600_000);
          case Command.SessionClose _, Command.SessionDelete _ -> Optional.of(limit);
          case Command.Prompt prompt
              when prompt.policy().equals(Optional.of(PromptPolicy.INTERRUPT))
                  || prompt.policy().equals(Optional.of(PromptPolicy.ROLLBACK)) ->
              Optional.of(limit);
          default -> Optional.empty();
        };
    within.ifPresent(
        millis -> turns.cancelledBy(running.get(), readyMillis + millis + LATENESS_MILLIS));
  }

  private void wallTime(TurnId turn, SessionState after, long readyMillis) {
    AgentLimits limits = limits(after);
    Duration wish =
        after
            .turn()
            .filter(open -> open.request().turn().equals(turn))
            .flatMap(open -> open.request().options())
            .map(TurnOptions::deadlineMs)
            .filter(millis -> millis.isPresent())
            .map(millis -> Duration.ofMillis(millis.getAsLong()))
            .orElse(limits.wallTime());
    long wall = Math.min(wish.toMillis(), limits.wallTime().toMillis());
    long end = wall + limits.cancelDeadline().toMillis() + 2 * LATENESS_MILLIS;
    turns.outOfTimeAt(turn, readyMillis + end);
  }

  /* The longest of what may apply, now or after the node was configured anew. */
  private AgentLimits limits(SessionState state) {
    String agent = state.identity().map(SessionState.Identity::agent).orElse("");
    AgentLimits limits = SimulatedCatalog.limitsOf(agent);
    return catalog.agent(agent).isPresent() ? limits : AgentLimits.DEFAULT;
  }

  /** An effect is about to be performed. */
  void performing(Effect effect) {
    switch (effect) {
      case Effect.Answer(_, Reply.Ack(_, _, AckBody.PromptAccepted accepted)) -> {
        if (!turns.knows(accepted.turn())) {
          world.findings.add(
              Rule.REPLIES_HOLD, "acked, but not in the journal: " + accepted.turn());
        }
      }
      case Effect.CallModel call -> turns.called(call);
      case Effect.CheckTool check -> approvals.asked(check);
      case Effect.CheckResult check -> approvals.asked(check);
      case Effect.InvokeTool invoke -> {
        effects.invoked(invoke);
        approvals.invoked(invoke);
      }
      default -> {}
    }
  }
}
