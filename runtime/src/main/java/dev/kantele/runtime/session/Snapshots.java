package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.SessionSnapshot;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.SnapshotState.OpenInvocation;
import dev.kantele.protocol.SnapshotState.OpenStream;
import dev.kantele.runtime.log.SessionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state now, as a subscriber gets it in place of events that are kept no longer. */
public final class Snapshots {
  /** About how many bytes of transcript a page holds. */
  private static final int PAGE_BYTES = 128 * 1024;

  /** The pages: the transcript is spread over them, all else is on the first. */
  public static List<SessionSnapshot> of(SessionState state, SessionLog log) {
    List<List<Message>> pages = pages(state.transcript().messages());
    var snapshots = new ArrayList<SessionSnapshot>();
    for (int i = 0; i < pages.size(); i++) {
      snapshots.add(
          new SessionSnapshot(i + 1, pages.size(), page(state, log, pages.get(i), i == 0)));
    }
    return snapshots;
  }

  private static List<List<Message>> pages(List<Message> messages) {
    var pages = new ArrayList<List<Message>>();
    var page = new ArrayList<Message>();
    long bytes = 0;
    for (Message message : messages) {
      int size = SessionLog.sizeOf(message);
      if (!page.isEmpty() && bytes + size > PAGE_BYTES) {
        pages.add(page);
        page = new ArrayList<>();
        bytes = 0;
      }
      page.add(message);
      bytes += size;
    }
    pages.add(page);
    return pages;
  }

  private static SnapshotState page(
      SessionState state, SessionLog log, List<Message> messages, boolean first) {
    SessionState.Identity identity = state.identity().orElseThrow();
    return new SnapshotState(
        identity.log(),
        identity.agent(),
        identity.metadata(),
        state.closed(),
        messages,
        first ? queued(state.queue()) : List.of(),
        first ? state.turn().map(turn -> open(turn, log)) : Optional.empty());
  }

  private static List<SnapshotState.QueuedTurn> queued(List<TurnRequest> requests) {
    return requests.stream()
        .map(
            request ->
                new SnapshotState.QueuedTurn(request.turn(), request.content(), request.author()))
        .toList();
  }

  private static SnapshotState.OpenTurn open(OpenTurn turn, SessionLog log) {
    return new SnapshotState.OpenTurn(
        turn.request().turn(),
        turn.stream()
            .map(
                stream ->
                    new OpenStream(
                        stream.stream(),
                        stream.model(),
                        stream.attempt(),
                        log.said(stream.stream().value()))),
        turn.calls().stream()
            .filter(call -> !call.hasEnded())
            .map(call -> open(call, log))
            .toList(),
        queued(turn.steers()),
        Pending.of(turn),
        turn.usage());
  }

  private static OpenInvocation open(OpenCall call, SessionLog log) {
    List<EventBody.Live> output = log.said(call.invocation().value());
    return new OpenInvocation(
        call.invocation(),
        call.name(),
        call.arguments().orElseGet(JsonNodeFactory.instance::objectNode),
        state(call),
        output.stream().findFirst());
  }

  private static String state(OpenCall call) {
    if (call.isRunning()) {
      return "started";
    }
    if (call.question().isPresent()) {
      return "awaiting_input";
    }
    return call.isWaiting() ? "awaiting_approval" : "requested";
  }

  private Snapshots() {}
}
