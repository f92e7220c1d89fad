package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.SessionOpened;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Step;
import dev.kantele.runtime.session.actor.SessionMessage.Admitted;
import dev.kantele.runtime.surroundings.DirectAsk;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * What the node must say yes to before a command's rows are written: that its principal may own one
 * more session, and that the session is among those that the next node would wake. The command
 * waits here meanwhile. Confined to the session's actor.
 */
final class Admission {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Optional<WireError> NO_JOURNAL =
      Optional.of(
          WireError.of(ErrorCode.UNAVAILABLE, "the journal does not accept writes at the moment"));

  private final int life;
  private final SessionId session;
  private final ActorContext<SessionMessage> context;
  private final SessionEnvironment environment;

  private Input.@Nullable Commanded held;

  /** Of the life of number {@code life}, which the answers name. */
  Admission(
      int life,
      SessionId session,
      ActorContext<SessionMessage> context,
      SessionEnvironment environment) {
    this.life = life;
    this.session = session;
    this.context = context;
    this.environment = environment;
  }

  /** Whether a principal comes to own the session by {@code step}. */
  static boolean opens(Step step) {
    return step.rows().stream()
        .anyMatch(
            row -> row.content() instanceof Visible(var body) && body instanceof SessionOpened);
  }

  /** Whether the next node must go on with {@code step} if this one dies. */
  static boolean leavesWork(Step step) {
    return step.rows().stream()
        .anyMatch(
            row ->
                switch (row.content()) {
                  case Visible(var body) -> body instanceof TurnQueued;
                  case JournalRecord.Erased _ -> true;
                  case JournalRecord.Note _ -> false;
                });
  }

  /** Has {@code command} wait until the session is its principal's, or can't be. */
  void awaitOwner(Input.Commanded command) {
    held = command;
    DirectAsk.<SessionMessage, OwnedSessions.Command, OwnedSessions.Answer>ask(
        context,
        environment.owned(),
        LIMIT,
        replyTo -> new OwnedSessions.Open(command.client().principal(), session, replyTo),
        (answer, _) -> new Admitted(life, refusal(command, answer)));
  }

  private static Optional<WireError> refusal(
      Input.Commanded command, OwnedSessions.@Nullable Answer answer) {
    return switch (answer) {
      case OwnedSessions.Granted _ -> Optional.empty();
      case OwnedSessions.Full(var owned, var limit) ->
          Optional.of(
              WireError.of(
                  ErrorCode.LIMIT_EXCEEDED,
                  "principal %s owns %d sessions (expected: fewer than %d; delete one before)"
                      .formatted(command.client().principal(), owned, limit)));
      case OwnedSessions.NotKnown _ -> NO_JOURNAL;
      case null -> NO_JOURNAL;
    };
  }

  /** Tells that nobody owns the session. */
  void nobodyOwns() {
    environment.owned().tell(new OwnedSessions.Gone(session));
  }

  /** Has {@code command} wait until the session is in the durable set of busy ones. */
  void awaitBusy(Input.Commanded command) {
    held = command;
    DirectAsk.<SessionMessage, BusySessions.Command, BusySessions.EnterReply>ask(
        context,
        environment.busy(),
        LIMIT,
        replyTo -> new BusySessions.Enter(session, replyTo),
        (reply, _) ->
            new Admitted(
                life, reply instanceof BusySessions.Entered ? Optional.empty() : NO_JOURNAL));
  }

  /** Takes the command that waits. */
  Input.Commanded take() {
    Input.Commanded command = requireNonNull(held, "held");
    held = null;
    return command;
  }
}
