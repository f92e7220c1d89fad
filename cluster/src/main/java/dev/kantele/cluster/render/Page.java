package dev.kantele.cluster.render;

/** Text in the making: runs of text of one kind, and whole lines between them. */
final class Page {
  private enum Run {
    NONE,
    PLAIN,
    DIM
  }

  private final Style style;
  private final StringBuilder added = new StringBuilder();
  private Run run = Run.NONE;
  private boolean atLineStart = true;

  Page(Style style) {
    this.style = style;
  }

  /** Goes on with the answer. */
  void text(String text) {
    append(Run.PLAIN, Printable.text(text));
  }

  /** Goes on with what is beside the answer. */
  void dimText(String text) {
    append(Run.DIM, Printable.text(text));
  }

  private void append(Run kind, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (run != kind) {
      endLine();
      run = kind;
    }
    added.append(kind == Run.DIM ? style.dim(text) : text);
    atLineStart = text.endsWith("\n");
  }

  /** A line by itself. */
  void line(String line) {
    endLine();
    added.append(line).append('\n');
  }

  /** Ends the line that was begun, if one was. */
  void endLine() {
    if (!atLineStart) {
      added.append('\n');
      atLineStart = true;
    }
    run = Run.NONE;
  }

  /** What was added since the last time. */
  String take() {
    String text = added.toString();
    added.setLength(0);
    return text;
  }
}
