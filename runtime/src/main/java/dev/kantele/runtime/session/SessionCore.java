package dev.kantele.runtime.session;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.SessionLog;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Everything that a session decides: the agent loop, the prompt policies, the numbering rules,
 * cancel, limits and recovery. A function of the durable state, the running operations' text in
 * {@link SessionLog}, and an input; it performs nothing and changes nothing.
 *
 * <p>The caller writes the {@link Step}'s rows in one atomic write and gives no further input until
 * they are durable; then it calls {@link #committed} and performs the effects. If the write fails,
 * it starts over from the journal with {@link Input.Recovered}.
 */
public final class SessionCore {
  private final SessionLog log;
  private final Commands commands;
  private final AgentLoop loop;
  private final LiveEvents liveEvents;
  private final ClientTools clientTools;
  private final Recovery recovery;

  /**
   * The core of one life of a session.
   *
   * @param incarnation 1 to 32 characters of {@code A-Za-z0-9}, never the same in two lives: it
   *     marks the ids of operations, so that one of an earlier life can't be mistaken for today's
   * @param newLog gives the identity of a new log
   */
  public SessionCore(
      SessionId session,
      Catalog catalog,
      SessionLog log,
      String incarnation,
      Supplier<LogId> newLog) {
    this.log = requireNonNull(log, "log");
    this.loop = new AgentLoop(session, catalog, log, incarnation);
    this.liveEvents = new LiveEvents(log, loop);
    this.clientTools = new ClientTools(catalog, loop, liveEvents);
    this.commands = new Commands(catalog, loop, clientTools, newLog);
    this.recovery = new Recovery(loop);
  }

  /** Decides what comes of {@code input}. */
  public Step step(SessionState state, Input input, Instant now) {
    var draft = new Draft(state, log.lastSeq(), now);
    switch (input) {
      case Input.Commanded commanded -> commands.handle(draft, commanded);
      case Input.ModelSaid said -> liveEvents.modelSaid(draft, said);
      case Input.ToolSaid said -> liveEvents.toolSaid(draft, said);
      case Input.StreamEnded(var stream, var outcome) -> loop.streamEnded(draft, stream, outcome);
      case Input.ToolEnded(var invocation, var attempt, var outcome) ->
          loop.toolEnded(draft, invocation, attempt, outcome);
      case Input.ToolChecked(var invocation, var check) ->
          loop.calls().checks().checked(draft, invocation, check);
      case Input.ResultChecked(var invocation, var outcome) ->
          loop.calls().results().checked(draft, invocation, outcome);
      case Input.TimerFired(Input.Timer.ClientLimit(var invocation)) ->
          clientTools.outOfTime(draft, invocation);
      case Input.TimerFired(var timer) -> loop.timerFired(draft, timer);
      case Input.Recovered _ -> recovery.recover(draft);
    }
    return draft.step();
  }

  /** Has {@code note} written, and nothing else. */
  public Step note(SessionState state, JournalRecord.Note note, Instant now) {
    var draft = new Draft(state, log.lastSeq(), now);
    draft.note(note);
    return draft.step();
  }

  /**
   * Takes in a step whose rows are durable: numbers its live events and lets subscribers pull what
   * is new.
   */
  public void committed(Step step, Instant now) {
    log.committed(step.rows());
    step.live().forEach(event -> log.live(event, now));
  }
}
