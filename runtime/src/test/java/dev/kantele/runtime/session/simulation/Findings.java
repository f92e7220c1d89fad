package dev.kantele.runtime.session.simulation;

import java.util.ArrayList;
import java.util.List;

/** The rules that a schedule broke, the first one first. */
final class Findings {
  private static final int MAX_FINDINGS = 20;

  private final List<Finding> found = new ArrayList<>();
  private final Trace trace;

  /** A rule that was broken, and how. */
  record Finding(Rule rule, String sentence) {}

  Findings(Trace trace) {
    this.trace = trace;
  }

  void add(Rule rule, String sentence) {
    trace.add("BROKEN " + rule, sentence);
    if (found.size() < MAX_FINDINGS) {
      found.add(new Finding(rule, sentence));
    }
  }

  boolean any() {
    return !found.isEmpty();
  }

  List<Finding> all() {
    return List.copyOf(found);
  }
}
