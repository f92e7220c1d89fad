package dev.kantele.cluster.chat;

/** What the keyboard gave. */
sealed interface Answer {
  /** A line, of several lines perhaps. */
  record Line(String text) implements Answer {}

  /** Ctrl-C, when {@code text} stood on the line. */
  record Interrupted(String text) implements Answer {}

  /** Ctrl-D, or the terminal is gone. */
  record Ended() implements Answer {}
}
