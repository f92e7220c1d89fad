package dev.kantele.testkit.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a schedule broke. */
final class Findings {
  private static final int MAX = 20;

  private final List<Finding> findings = new ArrayList<>();

  /** A rule that is broken, and by what. */
  record Finding(Rule rule, String sentence) {}

  void add(Rule rule, String sentence) {
    if (findings.size() < MAX) {
      findings.add(new Finding(rule, sentence));
    }
  }

  List<Finding> all() {
    return Collections.unmodifiableList(findings);
  }
}
