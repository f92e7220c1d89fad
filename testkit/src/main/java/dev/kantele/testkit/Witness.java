package dev.kantele.testkit;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.sessions.Sessions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A subscriber of one session that sees all of its log, over all lives of its node. */
final class Witness {
  private static final int PULL_EVENTS = 256;
  private static final int PULL_BYTES = 256 * 1024;

  private final SessionId session;
  private final LogRules rules = LogRules.fromStart();
  private final List<Event> events = new ArrayList<>();
  private Cursor cursor;

  /** The node that is asked; the answers of earlier ones are too late. */
  private int node;

  Witness(SessionId session, LogId log) {
    this.session = session;
    this.cursor = Cursor.of(log, 0);
  }

  LogId log() {
    return cursor.log();
  }

  List<Event> events() {
    return Collections.unmodifiableList(events);
  }

  List<String> violations() {
    return rules.violations();
  }

  /** Goes on with a node that has just started. */
  void follow(Sessions sessions) {
    pull(sessions, ++node);
  }

  private void pull(Sessions sessions, int asked) {
    var _ =
        sessions
            .pull(session, cursor, PULL_EVENTS, PULL_BYTES)
            .thenAccept(
                reply -> {
                  if (asked == node && take(reply)) {
                    pull(sessions, asked);
                  }
                });
  }

  private boolean take(PullReply reply) {
    return switch (reply) {
      case PullReply.Batch(var deliveries, var next) -> {
        deliveries.stream().map(Delivery::event).forEach(this::see);
        cursor = next;
        yield true;
      }
      case PullReply.Detached _ -> false;
    };
  }

  private void see(Event event) {
    events.add(event);
    rules.accept(event);
  }
}
