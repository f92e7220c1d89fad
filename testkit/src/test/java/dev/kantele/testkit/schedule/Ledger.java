package dev.kantele.testkit.schedule;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What all clients of one session saw and were told, held against each other. */
final class Ledger {
  /** What a turn may take beyond its deadline: to be written, and to travel. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private final SessionId session;
  private final Findings findings;
  private final Map<Long, EventBody> byNumber = new TreeMap<>();
  private final Set<TurnId> accepted = new LinkedHashSet<>();
  private final Map<TurnId, Instant> ends = new HashMap<>();
  private final Map<TurnId, Instant> deadlines = new LinkedHashMap<>();
  private final Map<CommandId, Reply> replies = new HashMap<>();
  private final Set<TurnId> disturbed = new HashSet<>();

  Ledger(SessionId session, Findings findings) {
    this.session = session;
    this.findings = findings;
  }

  /** A client got an event. */
  void saw(Event event) {
    if (event.body() instanceof EventBody.Synthetic) {
      return;
    }
    EventBody known = byNumber.putIfAbsent(event.seq(), event.body());
    if (known != null && !known.equals(event.body())) {
      findings.add(
          Rule.ONE_LOG, "%s %d is %s and %s".formatted(session, event.seq(), known, event.body()));
    }
    if (event.body() instanceof EventBody.OfTurn of
        && event.body() instanceof EventBody.Terminal
        && !(event.body() instanceof EventBody.OfStream)
        && !(event.body() instanceof EventBody.OfInvocation)) {
      ends.putIfAbsent(of.turn(), event.at());
    }
  }

  /** A client got a reply to its command, for the first time or again. */
  void replied(Command command, Reply reply) {
    if (!(reply instanceof Reply.Ack ack)) {
      return;
    }
    Reply first = replies.putIfAbsent(command.id(), new Reply.Ack(ack.re(), false, ack.body()));
    if (first != null && !first.equals(new Reply.Ack(ack.re(), false, ack.body()))) {
      findings.add(Rule.REPLIES_HOLD, command.id() + " got " + first + " and " + reply);
    }
    if (ack.body() instanceof AckBody.PromptAccepted prompted) {
      accepted.add(prompted.turn());
    }
  }

  /** A cancel of {@code turn} was acknowledged at {@code now}. */
  void cancelled(TurnId turn, Instant now, Duration deadline) {
    deadlines.putIfAbsent(turn, now.plus(deadline).plus(SLACK));
  }

  /** The node or its journal is not what it should be: deadlines do not hold now. */
  void disturbed() {
    disturbed.addAll(deadlines.keySet());
  }

  boolean isEnding(TurnId turn) {
    return deadlines.containsKey(turn) && !ends.containsKey(turn);
  }

  /** All has calmed down; {@code log} is what a subscriber gets who comes now. */
  void settle(List<Event> log) {
    log.forEach(this::saw);
    Map<Long, EventBody> last = new HashMap<>();
    log.forEach(event -> last.put(event.seq(), event.body()));
    byNumber.forEach(
        (number, body) -> {
          if (body instanceof EventBody.Durable && !body.equals(last.get(number))) {
            findings.add(
                Rule.ONE_LOG,
                "%s %d was %s and is %s".formatted(session, number, body, last.get(number)));
          }
        });
    for (TurnId turn : accepted) {
      if (!ends.containsKey(turn)) {
        findings.add(Rule.ACCEPTED_TURNS_END, session + ": turn " + turn + " was accepted");
      }
    }
    deadlines.forEach(
        (turn, deadline) -> {
          Instant end = ends.get(turn);
          if (!disturbed.contains(turn) && (end == null || end.isAfter(deadline))) {
            findings.add(
                Rule.CANCEL_HAS_A_DEADLINE,
                "%s: turn %s ended %s (expected: by %s)".formatted(session, turn, end, deadline));
          }
        });
  }
}
