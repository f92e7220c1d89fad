package dev.kantele.cluster.chat;

import dev.kantele.cluster.render.Printable;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import java.util.ArrayDeque;
import java.util.Deque;

/** How the last turns looked, at most {@link #TURNS} of them and {@link #CHARS} characters each. */
final class RecentTurns {
  private static final int TURNS = 2;
  private static final int CHARS = 8_000;

  private final Deque<StringBuilder> turns = new ArrayDeque<>();

  void clear() {
    turns.clear();
  }

  /** Another turn begins. */
  void begin() {
    turns.addLast(new StringBuilder());
    if (turns.size() > TURNS) {
      turns.removeFirst();
    }
  }

  /** Goes on with the turn. */
  void add(String text) {
    if (turns.isEmpty()) {
      begin();
    }
    StringBuilder turn = turns.getLast().append(text);
    if (turn.length() > CHARS) {
      turn.delete(0, turn.length() - CHARS);
    }
  }

  /** A message of a transcript; only what was said counts. */
  void message(Message message) {
    String said =
        Printable.text(
            SessionView.text(
                message.content().stream().filter(part -> part instanceof Part.Text).toList()));
    if (said.isBlank()) {
      return;
    }
    switch (message.role()) {
      case USER -> {
        begin();
        add("> " + said + "\n");
      }
      case ASSISTANT -> add(said + "\n");
      case TOOL -> {}
    }
  }

  /** All of them. */
  String text() {
    return String.join("", turns);
  }
}
