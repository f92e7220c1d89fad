package dev.kantele.runtime.session;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Content;
import dev.kantele.runtime.log.JournalRecord.Note;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.log.Remembered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A step in the making: each row that is added changes the state that the next decision sees.
 * Confined to one input.
 */
final class Draft {
  private final Instant now;
  private final List<JournalRecord> rows = new ArrayList<>();
  private final List<EventBody.Live> live = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private SessionState state;
  private long lastSeq;
  private boolean starting;

  Draft(SessionState state, long lastSeq, Instant now) {
    this.state = state;
    this.lastSeq = lastSeq;
    this.now = now;
  }

  SessionState state() {
    return state;
  }

  Instant now() {
    return now;
  }

  long lastSeq() {
    return lastSeq;
  }

  /** Adds the next event. */
  void emit(EventBody.Durable body) {
    add(Covers.of(lastSeq + 1), new Visible(body));
  }

  /** Adds an event that stands for all numbers up to and with {@code seq}. */
  void emitThrough(long seq, EventBody.Durable body) {
    add(new Covers(lastSeq + 1, seq), new Visible(body));
  }

  /** Adds a row that nobody sees; only after the first event. */
  void note(Note note) {
    add(Covers.of(state.lastSeq()), note);
  }

  private void add(Covers covers, Content content) {
    long reserved = Math.max(covers.to(), lastSeq) + JournalRecord.RESERVATION;
    var row = new JournalRecord(covers, reserved, now, content, Optional.empty());
    rows.add(row);
    state = state.apply(row);
    if (content instanceof Visible) {
      lastSeq = covers.to();
    }
  }

  /** Has {@code remembered} written with the rows so far, of which there is at least one. */
  void remember(Remembered remembered) {
    JournalRecord last = rows.removeLast();
    rows.add(
        new JournalRecord(
            last.covers(), last.reserved(), last.at(), last.content(), Optional.of(remembered)));
    state = state.remembering(remembered);
  }

  void live(EventBody.Live body) {
    live.add(body);
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  /** Whether turns are being started, so that the end of one need not start the next. */
  boolean isStarting() {
    return starting;
  }

  void starting(boolean is) {
    starting = is;
  }

  boolean hasRows() {
    return !rows.isEmpty();
  }

  Step step() {
    return new Step(rows, live, effects);
  }
}
