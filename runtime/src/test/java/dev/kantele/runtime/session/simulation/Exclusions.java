package dev.kantele.runtime.session.simulation;

import java.util.List;
import java.util.Optional;

/** The pairs of a mishap and a condition that make no sense. */
final class Exclusions {
  static Optional<String> reason(Mishap mishap, Condition condition) {
    return Optional.empty();
  }

  static List<String> sentences() {
    return List.of();
  }

  private Exclusions() {}
}
