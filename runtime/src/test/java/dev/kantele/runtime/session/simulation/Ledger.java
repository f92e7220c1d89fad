package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What became of each number of one log, written down apart from the session: which event it was
 * given to, and what was said. It follows the log like a subscriber that misses nothing.
 */
final class Ledger {
  final LogId log;
  private final SessionId session;
  private final World world;
  private final Map<Long, EventBody> events = new HashMap<>();
  private final NavigableSet<Long> durable = new TreeSet<>();
  private final Map<Long, SaidText> speakers = new HashMap<>();
  private final Map<String, SaidText> open = new HashMap<>();
  private final Map<String, List<SaidText>> all = new HashMap<>();
  private final List<SaidText> inOrder = new ArrayList<>();
  private final LogRules rules = LogRules.fromStart();
  private long highest;
  private long reserved;

  Ledger(World world, SessionId session, LogId log) {
    this.world = world;
    this.session = session;
    this.log = log;
  }

  /** Takes in a row that is in the journal now, whether or not the session knows. */
  void durable(JournalRecord row) {
    if (row.content() instanceof Visible(var body)) {
      number(row, body);
      events.put(row.seq(), body);
      durable.add(row.seq());
      begin(row.seq(), body);
      end(body);
      if (body instanceof EventBody.SessionRecovered) {
        /* A call that a client runs speaks on, but what it said before is gone. */
        List.copyOf(open.keySet()).forEach(id -> begin(row.seq(), id));
      }
      follow(row.covers(), row.at(), body);
      highest = row.seq();
    }
    reserved = Math.max(reserved, row.reserved());
  }

  private void number(JournalRecord row, EventBody.Durable body) {
    if (body instanceof EventBody.SessionRecovered) {
      if (row.seq() <= reserved) {
        world.findings.add(
            Rule.NUMBERS_ARE_RESERVED,
            "session.recovered has number %d (reserved before: up to %d)"
                .formatted(row.seq(), reserved));
      }
      loseAll();
    }
    boolean next = row.covers().from() == highest + 1;
    boolean joins = row.covers().from() <= highest + 1 && highest < row.seq();
    if (!next && !(body instanceof EventBody.SessionRecovered && joins)) {
      world.findings.add(
          Rule.A_NUMBER_IS_ONE_EVENT,
          "%s was given %s after %d".formatted(body, row.covers(), highest));
    }
  }

  /** Takes in a live event that was given a number. */
  void live(long seq, EventBody.Live body) {
    if (seq != highest + 1) {
      world.findings.add(
          Rule.A_NUMBER_IS_ONE_EVENT, "%s was given %d after %d".formatted(body, seq, highest));
    }
    if (seq > reserved) {
      world.findings.add(
          Rule.NUMBERS_ARE_RESERVED,
          "live event %d (durably reserved: up to %d)".formatted(seq, reserved));
    }
    highest = Math.max(highest, seq);
    events.put(seq, body);
    SaidText.piece(body)
        .ifPresent(
            piece -> {
              SaidText speaker = open.get(speaker(body));
              if (speaker != null) {
                speaker.say(seq, piece);
                speakers.put(seq, speaker);
              }
            });
    follow(Covers.of(seq), world.time.now(), body);
  }

  private void follow(Covers covers, Instant at, EventBody body) {
    long from = Math.min(covers.from(), rules.last() + 1);
    for (String sentence :
        rules.accept(new Event(session, new Covers(from, covers.to()), at, body))) {
      world.findings.add(Rule.of(sentence), "log: " + sentence);
    }
  }

  private void begin(long seq, EventBody.Durable body) {
    switch (body) {
      case EventBody.StreamStarted started -> begin(seq, started.stream().value());
      case EventBody.ToolStarted started -> begin(seq, started.invocation().value());
      default -> {}
    }
  }

  private void begin(long seq, String id) {
    var speaker = new SaidText(id, seq);
    SaidText before = open.put(id, speaker);
    if (before != null) {
      before.end(world.moment());
    }
    all.computeIfAbsent(id, _ -> new ArrayList<>()).add(speaker);
    inOrder.add(speaker);
  }

  private void end(EventBody.Durable body) {
    if (body instanceof EventBody.Terminal) {
      SaidText ended =
          switch (body) {
            case EventBody.OfStream of -> open.remove(of.stream().value());
            case EventBody.OfInvocation of -> open.remove(of.invocation().value());
            default -> null;
          };
      if (ended != null) {
        ended.end(world.moment());
      }
    }
  }

  /** The session's memory is gone, and what ran with it. */
  void loseAll() {
    long moment = world.moment();
    open.values().forEach(speaker -> speaker.end(moment));
  }

  private static String speaker(EventBody.Live body) {
    return switch (body) {
      case EventBody.TextDelta delta -> delta.stream().value();
      case EventBody.ReasoningDelta delta -> delta.stream().value();
      case EventBody.ToolCallDelta delta -> delta.stream().value();
      case EventBody.ToolOutput output -> output.invocation().value();
      case EventBody.Warning _ -> "";
    };
  }

  @Nullable EventBody event(long seq) {
    return events.get(seq);
  }

  /** The number of the first durable event after {@code after}; a great one if there is none. */
  long nextDurable(long after) {
    Long next = durable.higher(after);
    return next == null ? Long.MAX_VALUE : next;
  }

  /** Who said the live event {@code seq}. */
  @Nullable SaidText speakerOf(long seq) {
    return speakers.get(seq);
  }

  /** Who spoke under the id of {@code body} at number {@code seq}: the latest that had begun. */
  @Nullable SaidText speakerAt(long seq, EventBody.Live body) {
    SaidText found = null;
    for (SaidText speaker : all.getOrDefault(speaker(body), List.of())) {
      if (speaker.startedSeq <= seq) {
        found = speaker;
      }
    }
    return found;
  }

  /** Everybody who ever spoke. */
  List<SaidText> speakers() {
    return inOrder;
  }

  /** The last number given. */
  long highest() {
    return highest;
  }

  /** A sentence for each turn, stream and tool call that has not ended. */
  List<String> open() {
    return rules.open();
  }
}
