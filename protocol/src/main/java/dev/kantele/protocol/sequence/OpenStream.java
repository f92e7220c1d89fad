package dev.kantele.protocol.sequence;

import dev.kantele.protocol.TurnId;

/** A stream that has not ended, with the text that came so far. */
final class OpenStream {
  private final TurnId turn;
  private final StreamText text = new StreamText();
  private boolean hasAllDeltas = true;

  OpenStream(TurnId turn) {
    this.turn = turn;
  }

  TurnId turn() {
    return turn;
  }

  StreamText text() {
    return text;
  }

  boolean hasAllDeltas() {
    return hasAllDeltas;
  }

  void missedDeltas() {
    hasAllDeltas = false;
  }
}
