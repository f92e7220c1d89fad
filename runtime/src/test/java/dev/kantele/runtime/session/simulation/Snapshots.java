package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.EventBody.SessionSnapshot;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.session.OpenCall;
import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.SessionState;
import java.util.List;
import java.util.Optional;

/** The state now, as a subscriber gets it in place of events that are kept no longer. */
final class Snapshots {
  static List<SessionSnapshot> of(SessionState state, SessionLog log) {
    SessionState.Identity identity = state.identity().orElseThrow();
    var messages = state.transcript().messages();
    int half = messages.size() / 2;
    return List.of(
        new SessionSnapshot(
            1,
            2,
            new SnapshotState(
                identity.log(),
                identity.agent(),
                identity.metadata(),
                state.closed(),
                messages.subList(0, half),
                state.queue().stream()
                    .map(
                        turn ->
                            new SnapshotState.QueuedTurn(
                                turn.turn(), turn.content(), turn.author()))
                    .toList(),
                state.turn().map(turn -> open(turn, log)))),
        new SessionSnapshot(
            2,
            2,
            new SnapshotState(
                identity.log(),
                identity.agent(),
                identity.metadata(),
                state.closed(),
                messages.subList(half, messages.size()),
                List.of(),
                Optional.empty())));
  }

  private static SnapshotState.OpenTurn open(OpenTurn turn, SessionLog log) {
    return new SnapshotState.OpenTurn(
        turn.request().turn(),
        turn.stream()
            .map(
                open ->
                    new SnapshotState.OpenStream(
                        open.stream(),
                        open.model(),
                        open.attempt(),
                        log.said(open.stream().value()))),
        turn.calls().stream()
            .filter(call -> !call.hasEnded())
            .map(call -> open(call, log))
            .toList(),
        turn.usage());
  }

  private static SnapshotState.OpenInvocation open(OpenCall call, SessionLog log) {
    return new SnapshotState.OpenInvocation(
        call.invocation(),
        call.name(),
        call.arguments().orElseGet(JsonNodeFactory.instance::objectNode),
        call.isRunning() ? "started" : "requested",
        log.said(call.invocation().value()).stream().findFirst());
  }

  private Snapshots() {}
}
