package dev.kantele.cluster.chat;

import java.util.Optional;

/**
 * What is typed while the screen belongs to an answer: a line without an editor. Keys that only an
 * editor knows, such as arrows, are left out; what is pasted is text. Confined to one thread.
 */
final class TypedAhead {
  /** What a terminal sends before and after what is pasted, where that is switched on. */
  private static final String PASTE = "200";

  private static final String PASTE_END = "\u001b[201~";
  private static final int CTRL_C = 3;
  private static final int CTRL_D = 4;
  private static final int BACKSPACE = 8;
  private static final int CTRL_U = 21;
  private static final int ESCAPE = 27;
  private static final int DELETE = 127;
  private static final int CLOSED = -1;

  /** Where in a sequence the next key is (ECMA-48, section 5.4). */
  private enum State {
    PLAIN,
    ESCAPED,
    /** Before the final byte of a control sequence, which is from 0x40 on. */
    CONTROL,
    /** The one byte of a key of the keypad. */
    KEYPAD,
    PASTED
  }

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder sequence = new StringBuilder();
  private State state = State.PLAIN;

  /** What was typed and not yet sent. */
  String text() {
    return text.toString();
  }

  /** Puts {@code line} in the place of what was typed. */
  void set(String line) {
    text.setLength(0);
    text.append(line);
  }

  /** Takes a UTF-16 unit of what the keyboard sends, or -1 for its end. */
  Optional<Answer> take(int key) {
    return switch (state) {
      case PLAIN -> plain(key);
      case ESCAPED -> {
        escaped(key);
        yield Optional.empty();
      }
      case CONTROL -> {
        control(key);
        yield Optional.empty();
      }
      case KEYPAD -> {
        state = State.PLAIN;
        yield Optional.empty();
      }
      case PASTED -> {
        pasted(key);
        yield key == CLOSED ? Optional.of(new Answer.Ended()) : Optional.empty();
      }
    };
  }

  private Optional<Answer> plain(int key) {
    switch (key) {
      case CLOSED, CTRL_D -> {
        return Optional.of(new Answer.Ended());
      }
      case CTRL_C -> {
        return Optional.of(new Answer.Interrupted(""));
      }
      case '\r', '\n' -> {
        String line = text();
        set("");
        return Optional.of(new Answer.Line(line));
      }
      case BACKSPACE, DELETE -> {
        if (!text.isEmpty()) {
          text.setLength(text.offsetByCodePoints(text.length(), -1));
        }
      }
      case CTRL_U -> set("");
      case ESCAPE -> state = State.ESCAPED;
      default -> {
        if (!Character.isISOControl(key)) {
          text.append((char) key);
        }
      }
    }
    return Optional.empty();
  }

  private void escaped(int key) {
    switch (key) {
      case '[' -> {
        sequence.setLength(0);
        state = State.CONTROL;
      }
      case 'O' -> state = State.KEYPAD;
      case ESCAPE -> {}
      case '\r', '\n' -> {
        text.append('\n');
        state = State.PLAIN;
      }
      default -> state = State.PLAIN;
    }
  }

  private void control(int key) {
    if (key >= 0x20 && key < 0x40) {
      sequence.append((char) key);
      return;
    }
    boolean pastes = key == '~' && sequence.toString().equals(PASTE);
    sequence.setLength(0);
    state = pastes ? State.PASTED : State.PLAIN;
  }

  private void pasted(int key) {
    if (key == CLOSED) {
      return;
    }
    sequence.append((char) key);
    int end = sequence.length() - PASTE_END.length();
    if (key == '~' && end >= 0 && sequence.substring(end).equals(PASTE_END)) {
      sequence.setLength(end);
      String pasted = sequence.toString().replace("\r\n", "\n").replace('\r', '\n');
      pasted
          .chars()
          .filter(unit -> unit == '\n' || unit == '\t' || !Character.isISOControl(unit))
          .forEach(unit -> text.append((char) unit));
      sequence.setLength(0);
      state = State.PLAIN;
    }
  }
}
