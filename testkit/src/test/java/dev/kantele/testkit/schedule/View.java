package dev.kantele.testkit.schedule;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.testkit.TestNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a session is doing, by its log. */
final class View {
  private final TestNode node;
  private final String session;
  private final Ledger ledger;
  private final Set<TurnId> waiting = new LinkedHashSet<>();
  private final Set<StreamId> streams = new LinkedHashSet<>();
  private final Set<InvocationId> calls = new LinkedHashSet<>();
  private Optional<TurnId> running = Optional.empty();
  private int seen;

  View(TestNode node, String session, Ledger ledger) {
    this.node = node;
    this.session = session;
    this.ledger = ledger;
  }

  /** The turn that runs. */
  Optional<TurnId> running() {
    catchUp();
    return running;
  }

  Condition condition() {
    catchUp();
    if (!node.isUp()) {
      return Condition.DOWN;
    }
    if (running.isEmpty()) {
      return Condition.IDLE;
    }
    if (ledger.isEnding(running.get())) {
      return Condition.ENDING;
    }
    if (!waiting.isEmpty()) {
      return Condition.WITH_A_QUEUE;
    }
    if (!streams.isEmpty()) {
      return Condition.STREAMING;
    }
    return calls.isEmpty() ? Condition.PAUSING : Condition.TOOLS_RUNNING;
  }

  private void catchUp() {
    List<Event> log = node.seen(session);
    while (seen < log.size()) {
      see(log.get(seen++).body());
    }
  }

  private void see(EventBody body) {
    switch (body) {
      case EventBody.TurnQueued queued -> waiting.add(queued.turn());
      case EventBody.TurnStarted started -> {
        waiting.remove(started.turn());
        running = Optional.of(started.turn());
      }
      case EventBody.StreamStarted started -> streams.add(started.stream());
      case EventBody.ToolStarted started -> calls.add(started.invocation());
      case EventBody.Terminal end -> {
        switch (end) {
          case EventBody.OfStream of -> streams.remove(of.stream());
          case EventBody.OfInvocation of -> calls.remove(of.invocation());
          case EventBody.OfTurn of -> {
            waiting.remove(of.turn());
            running = running.filter(turn -> !turn.equals(of.turn()));
          }
          case EventBody.SessionClosed _ -> {}
        }
      }
      default -> {}
    }
  }
}
