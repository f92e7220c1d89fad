package dev.kantele.runtime.session;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.InputAnswered;
import dev.kantele.protocol.EventBody.InputRequested;
import dev.kantele.protocol.EventBody.SessionClosed;
import dev.kantele.protocol.EventBody.SessionOpened;
import dev.kantele.protocol.EventBody.SessionRecovered;
import dev.kantele.protocol.EventBody.StreamCancelled;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.ToolTimedOut;
import dev.kantele.protocol.EventBody.ToolUnknown;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.EventBody.TurnOutputRejected;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.EventBody.TurnSteered;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.CancelRemembered;
import dev.kantele.runtime.log.JournalRecord.ClientHeard;
import dev.kantele.runtime.log.JournalRecord.CloseRequested;
import dev.kantele.runtime.log.JournalRecord.EndRequested;
import dev.kantele.runtime.log.JournalRecord.Erased;
import dev.kantele.runtime.log.JournalRecord.HorizonMoved;
import dev.kantele.runtime.log.JournalRecord.Note;
import dev.kantele.runtime.log.JournalRecord.Reserved;
import dev.kantele.runtime.log.JournalRecord.ResultGiven;
import dev.kantele.runtime.log.JournalRecord.ToolsRegistered;
import dev.kantele.runtime.log.JournalRecord.TurnOptions;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.OpenTurn.Ending;
import dev.kantele.runtime.session.OpenTurn.OpenStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What each row does to the state. The transcript that comes of it is always one that a model can
 * be called with.
 */
final class SessionFold {
  static SessionState apply(SessionState state, JournalRecord row) {
    if (row.content() instanceof Erased) {
      return SessionState.EMPTY;
    }
    var next = new StateBuilder(state);
    next.lastSeq = row.seq();
    next.reserved = row.reserved();
    next.index = state.index().append(row.seq());
    switch (row.content()) {
      case Visible(var body) -> visible(next, body, row.at());
      case Note note -> note(next, note);
    }
    next.turn = next.turn.map(turn -> turn.timed(row.at()));
    row.remembered().ifPresent(reply -> next.clients = next.clients.with(reply));
    return next.build();
  }

  private static void visible(StateBuilder next, EventBody.Durable event, Instant at) {
    switch (event) {
      case SessionOpened opened ->
          next.identity =
              Optional.of(
                  new SessionState.Identity(
                      opened.log(), opened.agent(), opened.metadata(), opened.owner()));
      case SessionRecovered _ -> {}
      case SessionClosed _ -> next.closed = true;
      case TurnQueued queued -> enqueue(next, queued);
      case TurnStarted(var turn) -> start(next, turn, at);
      case TurnSteered steered ->
          change(
              next,
              steered.turn(),
              turn -> turn.steers = TurnBuilder.with(turn.steers, steer(steered)));
      case TurnOutputRejected(var turn, var message) -> {
        change(next, turn, open -> open.repairs++);
        next.transcript =
            next.transcript.append(Message.of(Role.USER, List.of(new Part.Text(message))));
      }
      case TurnCompleted(var turn, _, _, _, _) -> end(next, turn);
      case TurnFailed(var turn, _, _) -> {
        keepSteers(next, turn);
        end(next, turn);
      }
      case TurnCancelled(var turn, _, _, var rolledBack) -> cancelled(next, turn, rolledBack);
      case StreamStarted started -> streamStarted(next, started);
      case StreamCompleted completed -> streamCompleted(next, completed);
      case StreamFailed failed -> streamFailed(next, failed, at);
      case StreamCancelled(var turn, _, var message) -> {
        change(next, turn, open -> open.stream = Optional.empty());
        keepPartial(next, message);
      }
      case ToolRequested requested ->
          change(next, requested.turn(), turn -> turn.addCall(call(next, requested)));
      case ToolApprovalRequired(var turn, var invocation, var expiresAt) ->
          change(
              next,
              turn,
              open ->
                  open.call(
                      invocation, call -> call.waiting(new Wait(Optional.empty(), expiresAt))));
      case ToolApproved(var turn, var invocation, var arguments, _) ->
          change(next, turn, open -> open.call(invocation, call -> call.approved(arguments)));
      case ToolStarted(var turn, var invocation, var effect, var attempt) ->
          change(
              next,
              turn,
              open ->
                  open.addStarted(invocation)
                      .call(invocation, call -> call.started(effect, attempt, at)));
      case ToolCompleted(var turn, var invocation, var output) ->
          callEnded(
              next, turn, new Part.ToolResult(invocation, Optional.of(output), Optional.empty()));
      case ToolFailed(var turn, var invocation, var error) ->
          callEnded(next, turn, failed(invocation, error));
      case ToolDenied(var turn, var invocation, var reason) ->
          callEnded(
              next, turn, failed(invocation, "denied", reason.orElse("the call was not allowed")));
      case ToolCancelled(var turn, var invocation, var reason) ->
          callEnded(
              next, turn, failed(invocation, "cancelled", reason.orElse("the call was cancelled")));
      case ToolTimedOut(var turn, var invocation, var error) ->
          callEnded(next, turn, failed(invocation, error));
      case ToolUnknown(var turn, var invocation, var reason) ->
          callEnded(next, turn, failed(invocation, "unknown", reason));
      case InputRequested requested -> inputRequested(next, requested);
      case InputAnswered(var turn, var request, var content, var by) ->
          change(next, turn, open -> answered(open, Inputs.result(request, content, by)));
    }
  }

  private static void note(StateBuilder next, Note note) {
    switch (note) {
      case Reserved _ -> {}
      case TurnOptions options -> options(next, options);
      case EndRequested(var turn, var cause, var deadline) ->
          change(next, turn, open -> open.ending = Optional.of(new Ending(cause, deadline)));
      case CancelRemembered(var turn) -> next.cancelledAhead = next.cancelledAhead.with(turn);
      case ToolsRegistered(var client, var tools) -> {
        var offers = new ArrayList<>(next.offers);
        offers.removeIf(offer -> offer.client().equals(client));
        tools.forEach(tool -> offers.add(new ToolOffer(client, tool)));
        next.offers = offers;
      }
      case ClientHeard(var client) -> next.turn = next.turn.map(turn -> heard(turn, client));
      case ResultGiven(var result) ->
          next.turn = next.turn.map(open -> answered(new TurnBuilder(open), result).build());
      case CloseRequested(var reason, var erase) ->
          next.closing = Optional.of(new SessionState.Closing(reason, erase));
      case HorizonMoved(var firstSeq, var firstRow) -> {
        next.horizon = firstSeq;
        next.index = next.index.from(firstRow);
      }
      case Erased _ -> {}
    }
  }

  private static TurnBuilder answered(TurnBuilder turn, Part.ToolResult answer) {
    return turn.call(answer.invocation(), call -> call.answered(answer));
  }

  private static OpenTurn heard(OpenTurn open, ClientKey client) {
    var turn = new TurnBuilder(open);
    turn.calls =
        turn.calls.stream()
            .map(
                call ->
                    call.isRunningElsewhere()
                            && call.runsOn().filter(on -> on.client().equals(client)).isPresent()
                        ? call.signOfLife()
                        : call)
            .toList();
    return turn.build();
  }

  private static void enqueue(StateBuilder next, TurnQueued queued) {
    var request =
        new TurnRequest(
            queued.turn(),
            queued.content(),
            queued.policy(),
            queued.author(),
            queued.metadata(),
            Optional.empty());
    var queue = new ArrayList<>(next.queue);
    int place =
        switch (queued.policy()) {
          case ENQUEUE, REJECT -> queue.size();
          case INTERRUPT, ROLLBACK -> 0;
          case STEER -> leadingSteers(queue);
        };
    queue.add(place, request);
    next.queue = queue;
  }

  private static int leadingSteers(List<TurnRequest> queue) {
    int steers = 0;
    while (steers < queue.size() && queue.get(steers).policy() == PromptPolicy.STEER) {
      steers++;
    }
    return steers;
  }

  private static TurnRequest steer(TurnSteered steered) {
    return new TurnRequest(
        steered.turn(),
        steered.content(),
        PromptPolicy.STEER,
        steered.author(),
        steered.metadata(),
        Optional.empty());
  }

  /* Options follow their turn.queued, or the turn.steered whose content may yet become the turn that they name. */
  private static void options(StateBuilder next, TurnOptions options) {
    if (next.queue.stream().anyMatch(request -> request.turn().equals(options.turn()))) {
      next.queue =
          next.queue.stream()
              .map(
                  request ->
                      request.turn().equals(options.turn()) ? request.with(options) : request)
              .toList();
      return;
    }
    next.turn =
        next.turn.map(
            open -> {
              var turn = new TurnBuilder(open);
              if (!turn.steers.isEmpty()) {
                var steers = new ArrayList<>(turn.steers);
                steers.addLast(steers.removeLast().with(options));
                turn.steers = steers;
              }
              return turn.build();
            });
  }

  private static void start(StateBuilder next, TurnId id, Instant at) {
    next.queue.stream()
        .filter(request -> request.turn().equals(id))
        .findFirst()
        .ifPresent(
            request -> {
              next.queue = next.queue.stream().filter(other -> !other.equals(request)).toList();
              next.turn = Optional.of(OpenTurn.of(request, at, next.transcript.size()));
              next.transcript = next.transcript.append(Message.of(Role.USER, request.content()));
            });
  }

  private static void streamStarted(StateBuilder next, StreamStarted started) {
    next.streams++;
    change(
        next,
        started.turn(),
        turn -> {
          for (TurnRequest steer : turn.steers) {
            next.transcript = next.transcript.append(Message.of(Role.USER, steer.content()));
          }
          turn.steers = List.of();
          turn.calls = List.of();
          turn.retry = Optional.empty();
          turn.modelCalls += started.attempt() == 1 ? 1 : 0;
          turn.stream =
              Optional.of(new OpenStream(started.stream(), started.model(), started.attempt()));
        });
  }

  private static void streamCompleted(StateBuilder next, StreamCompleted completed) {
    change(
        next,
        completed.turn(),
        turn -> {
          turn.stream = Optional.empty();
          turn.usage = turn.usage.plus(completed.usage());
        });
    if (!completed.message().content().isEmpty()) {
      next.transcript = next.transcript.append(completed.message());
    }
  }

  private static void streamFailed(StateBuilder next, StreamFailed failed, Instant at) {
    change(
        next,
        failed.turn(),
        turn -> {
          turn.retry = failed.willRetry() ? turn.stream : Optional.empty();
          turn.stream = Optional.empty();
          turn.usage = turn.usage.plus(failed.usage().orElse(Usage.NONE));
          if (failed.willRetry()) {
            turn.retries = turn.retries.and(Duration.between(at, failed.retryAt().orElse(at)));
          }
        });
    if (!failed.willRetry()) {
      keepPartial(next, failed.message());
    }
  }

  /* What a stream said before it was cut off, less the tool calls, which nobody will answer. */
  private static void keepPartial(StateBuilder next, Message message) {
    var kept = message.content().stream().filter(part -> !(part instanceof Part.ToolCall)).toList();
    if (!kept.isEmpty()) {
      next.transcript =
          next.transcript.append(new Message(Role.ASSISTANT, kept, /* partial= */ true));
    }
  }

  private static void inputRequested(StateBuilder next, InputRequested requested) {
    var question = new Wait.Question(requested.request(), requested.prompt(), requested.schema());
    var wait = new Wait(Optional.of(question), requested.expiresAt());
    requested
        .asker()
        .ifPresent(
            asker ->
                change(
                    next, requested.turn(), open -> open.call(asker, call -> call.waiting(wait))));
  }

  private static OpenCall call(StateBuilder next, ToolRequested requested) {
    return OpenCall.requested(
        requested.invocation(),
        requested.name(),
        requested.arguments(),
        requested.executor() == ToolExecutor.CLIENT
            ? next.offers.stream()
                .filter(offer -> offer.tool().name().equals(requested.name()))
                .findFirst()
            : Optional.empty());
  }

  private static void callEnded(StateBuilder next, TurnId id, Part.ToolResult result) {
    change(
        next,
        id,
        turn -> {
          turn.call(result.invocation(), call -> call.ended(result));
          if (turn.calls.stream().allMatch(OpenCall::hasEnded)) {
            var results =
                turn.calls.stream().map(call -> (Part) call.result().orElseThrow()).toList();
            next.transcript = next.transcript.append(Message.of(Role.TOOL, results));
          }
        });
  }

  private static Part.ToolResult failed(InvocationId invocation, String code, String message) {
    return failed(invocation, new Failure(code, message, /* retryable= */ false));
  }

  private static Part.ToolResult failed(InvocationId invocation, Failure failure) {
    return new Part.ToolResult(invocation, Optional.empty(), Optional.of(failure));
  }

  private static void cancelled(StateBuilder next, TurnId id, boolean rolledBack) {
    if (rolledBack) {
      running(next, id).ifPresent(turn -> next.transcript = Rollback.of(next.transcript, turn));
    } else {
      keepSteers(next, id);
    }
    next.queue = next.queue.stream().filter(request -> !request.turn().equals(id)).toList();
    end(next, id);
  }

  /* What joined a turn that broke before its model saw it was said all the same. */
  private static void keepSteers(StateBuilder next, TurnId id) {
    running(next, id)
        .ifPresent(
            turn ->
                turn.steers()
                    .forEach(
                        steer ->
                            next.transcript =
                                next.transcript.append(Message.of(Role.USER, steer.content()))));
  }

  private static void end(StateBuilder next, TurnId id) {
    next.ended = next.ended.with(id);
    if (running(next, id).isPresent()) {
      next.turn = Optional.empty();
    }
  }

  private static Optional<OpenTurn> running(StateBuilder next, TurnId id) {
    return next.turn.filter(turn -> turn.request().turn().equals(id));
  }

  private static void change(StateBuilder next, TurnId id, Consumer<TurnBuilder> change) {
    next.turn(
        id,
        open -> {
          var turn = new TurnBuilder(open);
          change.accept(turn);
          return turn.build();
        });
  }

  private SessionFold() {}
}
