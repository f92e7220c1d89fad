package dev.kantele.runtime.session.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What happened in a schedule: a hash of all of it, and, when it is written down, its last lines.
 * Confined to one thread.
 */
final class Trace {
  private static final int MAX_LINES = 400;

  private final Timeline time;
  private final boolean written;
  private final Deque<String> lines = new ArrayDeque<>();
  private long hash = 17;

  /** A trace that is {@code written} down costs much more. */
  Trace(Timeline time, boolean written) {
    this.time = time;
    this.written = written;
  }

  void add(String what, long number) {
    add(what, number, "");
  }

  void add(String what, Object detail) {
    add(what, 0, detail);
  }

  private void add(String what, long number, Object detail) {
    hash = hash * 31 + what.hashCode();
    hash = hash * 31 + number;
    hash = hash * 31 + time.nowMillis();
    if (written) {
      lines.addLast(
          "%8d %s %s%s"
              .formatted(time.nowMillis(), what, number == 0 ? "" : number + " ", cut(detail)));
      if (lines.size() > MAX_LINES) {
        lines.removeFirst();
      }
    }
  }

  private static String cut(Object detail) {
    String text = detail.toString();
    return text.length() > 600 ? text.substring(0, 600) + "…" : text;
  }

  long hash() {
    return hash;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
