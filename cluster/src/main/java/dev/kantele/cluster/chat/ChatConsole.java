package dev.kantele.cluster.chat;

import java.util.Optional;

/** A keyboard and a screen. */
interface ChatConsole extends AutoCloseable {
  /** Goes on with what is shown. From any thread. */
  void show(String text);

  /** A line about what is shown, or several, beside it. From any thread. */
  void note(String lines);

  /** What the keyboard is for from now on: an {@link #ask} for something else ends. */
  void turnTo(Ask ask);

  /**
   * Waits for what the keyboard gives. From one thread only.
   *
   * @return empty if the keyboard is for something else by now
   */
  Optional<Answer> ask(Ask ask);

  @Override
  void close();
}
