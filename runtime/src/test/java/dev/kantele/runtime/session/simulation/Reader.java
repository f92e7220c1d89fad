package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.sequence.LogRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds what one subscriber gets of one log against the rules, and against what was really said.
 *
 * <p>A subscriber has exactly what was said up to its cursor, but for the text of operations that
 * had ended when an answer was put together: of those it may be torn off, and then gets no more.
 */
final class Reader {
  private final World world;
  private final SimulatedSession session;
  private final String name;
  private final LogId log;
  private final LogRules rules;
  private final Set<SaidText> tornOff = new HashSet<>();

  Reader(World world, SimulatedSession session, String name, LogId log, long after) {
    this.world = world;
    this.session = session;
    this.name = name;
    this.log = log;
    this.rules = after == 0 ? LogRules.fromStart() : LogRules.after(after);
  }

  LogId log() {
    return log;
  }

  long last() {
    return rules.last();
  }

  /** Takes in the next event of an answer that was put together at {@code moment}. */
  void read(Event event, long moment) {
    long before = rules.last();
    for (String sentence : rules.accept(event)) {
      world.findings.add(Rule.of(sentence), name + ": " + sentence);
    }
    Ledger ledger = session.books().ledger();
    if (ledger == null || !ledger.log.equals(log)) {
      return;
    }
    sameEvent(ledger, event);
    nothingDurableLost(ledger, event, before);
    switch (event.body()) {
      case EventBody.Catchup catchup -> caughtUp(ledger, catchup, before, event.seq(), moment);
      case EventBody.SessionSnapshot page -> snapshot(ledger, page, event.seq(), moment);
      case EventBody.Live live -> live(ledger, live, before, event.seq(), moment);
      default -> tearOff(ledger, new HashSet<>(), before, event.seq(), moment);
    }
  }

  private void sameEvent(Ledger ledger, Event event) {
    if (event.body() instanceof EventBody.Synthetic) {
      return;
    }
    EventBody known = ledger.event(event.seq());
    if (!event.body().equals(known)) {
      world.findings.add(
          Rule.A_NUMBER_IS_ONE_EVENT,
          "%s: number %d is %s, but was given to %s"
              .formatted(name, event.seq(), event.body(), known));
    }
  }

  /* An event may stand for live ones that are gone, but not for durable ones. */
  private void nothingDurableLost(Ledger ledger, Event event, long before) {
    long next = ledger.nextDurable(before);
    boolean itself = next == event.seq() && event.body() instanceof EventBody.Durable;
    if (next <= event.seq() && !itself && !(event.body() instanceof EventBody.SessionSnapshot)) {
      world.findings.add(
          Rule.A_NUMBER_IS_ONE_EVENT,
          "%s: durable event %d is left out before %s".formatted(name, next, event));
    }
  }

  private void live(Ledger ledger, EventBody.Live live, long before, long seq, long moment) {
    SaidText speaker = ledger.speakerOf(seq);
    var told = new HashSet<SaidText>();
    if (speaker != null) {
      told.add(speaker);
      piece(speaker, live, before, seq);
    }
    tearOff(ledger, told, before, seq, moment);
  }

  private void caughtUp(
      Ledger ledger, EventBody.Catchup catchup, long before, long to, long moment) {
    var told = new HashSet<SaidText>();
    for (EventBody.Live live : catchup.events()) {
      SaidText speaker = ledger.speakerAt(to, live);
      if (speaker != null) {
        told.add(speaker);
        piece(speaker, live, before, to);
      }
    }
    for (SaidText speaker : told) {
      Set<Integer> parts = new HashSet<>(speaker.saidParts(before, to));
      catchup.events().forEach(live -> SaidText.piece(live).ifPresent(p -> parts.remove(p.part())));
      if (!parts.isEmpty()) {
        deltas("parts %s of %s are missing in a catchup".formatted(parts, speaker.id));
      }
    }
    tearOff(ledger, told, before, to, moment);
  }

  private void piece(SaidText speaker, EventBody.Live live, long before, long to) {
    Optional<SaidText.Piece> piece = SaidText.piece(live);
    if (piece.isEmpty()) {
      return;
    }
    int part = piece.get().part();
    if (tornOff.contains(speaker)) {
      deltas("%s goes on, although some of it was left out".formatted(speaker.id));
    } else if (!piece.get().text().equals(speaker.said(part, before, to))) {
      deltas(
          "part %d of %s after %d up to %d is '%s' (expected: '%s')"
              .formatted(
                  part,
                  speaker.id,
                  before,
                  to,
                  piece.get().text(),
                  speaker.said(part, before, to)));
    } else if (!piece.get().name().equals(speaker.nameAfter(part, before))) {
      deltas(
          "part %d of %s has name %s (expected: %s)"
              .formatted(part, speaker.id, piece.get().name(), speaker.nameAfter(part, before)));
    }
  }

  /* Whoever spoke between the two numbers and is not told of is left out from here on. */
  private void tearOff(Ledger ledger, Set<SaidText> told, long before, long to, long moment) {
    if (to <= before + 1) {
      return;
    }
    for (SaidText speaker : ledger.speakers()) {
      if (!told.contains(speaker)
          && !tornOff.contains(speaker)
          && speaker.saysAnything(before, to)) {
        if (speaker.ranAt(moment)) {
          deltas(
              "%s runs, but what it said after %d up to %d is left out"
                  .formatted(speaker.id, before, to));
        }
        tornOff.add(speaker);
      }
    }
  }

  /* Its first page holds all that was said by whoever runs. */
  private void snapshot(Ledger ledger, EventBody.SessionSnapshot page, long to, long moment) {
    if (page.page() > 1) {
      return;
    }
    var lives = new ArrayList<EventBody.Live>();
    for (SnapshotState.OpenTurn turn : page.state().turn().stream().toList()) {
      turn.stream().ifPresent(stream -> lives.addAll(stream.parts()));
      turn.invocations().forEach(call -> call.output().ifPresent(lives::add));
    }
    var told = new HashSet<SaidText>();
    for (EventBody.Live live : lives) {
      SaidText speaker = ledger.speakerAt(to, live);
      if (speaker != null) {
        told.add(speaker);
        tornOff.remove(speaker);
        piece(speaker, live, 0, to);
      }
    }
    tearOff(ledger, told, 0, to, moment);
  }

  private void deltas(String sentence) {
    world.findings.add(Rule.DELTAS_ARE_THE_TEXT, name + ": " + sentence);
  }

  /** Nothing happens any more: this subscriber must have everything up to {@code highest}. */
  void settled(long highest) {
    if (last() != highest) {
      world.findings.add(
          Rule.NO_HOLE_NO_REPEAT,
          "%s has everything up to %d (expected: %d)".formatted(name, last(), highest));
    }
    List<String> open = rules.open();
    if (!open.isEmpty()) {
      world.findings.add(Rule.ONE_TERMINAL_EVENT, name + ": " + open);
    }
  }
}
