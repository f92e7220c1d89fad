package dev.kantele.cluster.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.access.Received;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.sequence.LogRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that a client saw of one session, over all lives of its node. */
final class Witness {
  private final LogRules rules = LogRules.fromStart();
  private final Map<Long, EventBody> seen = new HashMap<>();
  private final Set<TurnId> turns = new HashSet<>();
  private final Set<TurnId> open = new HashSet<>();
  private final List<String> lies = new ArrayList<>();

  long last() {
    return rules.last();
  }

  /** Whether a turn that was seen to be queued has not been seen to end. */
  boolean hasOpenTurn() {
    return !open.isEmpty();
  }

  /** How many turns were seen to be queued. */
  int turns() {
    return turns.size();
  }

  Event saw(Received received) {
    Event event = received.event();
    rules.accept(event);
    EventBody earlier = seen.put(event.seq(), event.body());
    if (earlier != null) {
      lies.add("number " + event.seq() + " was " + earlier + " and is " + event.body());
    }
    switch (event.body()) {
      case EventBody.TurnQueued queued -> {
        turns.add(queued.turn());
        open.add(queued.turn());
      }
      case EventBody.TurnCompleted end -> open.remove(end.turn());
      case EventBody.TurnFailed end -> open.remove(end.turn());
      case EventBody.TurnCancelled end -> open.remove(end.turn());
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ -> {}
    }
    return event;
  }

  /** Compares with the log as it is now, read from its start. */
  void assertAgreesWith(List<Event> log) {
    assertThat(rules.violations()).isEmpty();
    assertThat(lies).isEmpty();
    assertThat(open).isEmpty();
    var logged = new HashMap<Long, EventBody>();
    log.forEach(event -> logged.put(event.seq(), event.body()));
    seen.forEach(
        (seq, body) -> {
          if (body instanceof EventBody.Durable) {
            assertThat(logged.get(seq)).as("number %d", seq).isEqualTo(body);
          } else {
            assertThat(logged.get(seq) instanceof EventBody.Durable)
                .as("number %d, which was %s, is given to a durable event", seq, body)
                .isFalse();
          }
        });
  }
}
