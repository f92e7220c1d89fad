package dev.kantele.runtime.session.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How often each {@link Mishap} befell a session in each {@link Condition}. */
@SuppressWarnings("EnumOrdinal") // The table is dense, and lives as long as the test.
final class Coverage {
  private static final int CONDITIONS = Condition.values().length;

  private final long[] counts = new long[Mishap.values().length * CONDITIONS];

  void add(Mishap mishap, Condition condition) {
    counts[mishap.ordinal() * CONDITIONS + condition.ordinal()]++;
  }

  /** Adds what another schedule covered. */
  void add(Coverage other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  long of(Mishap mishap, Condition condition) {
    return counts[mishap.ordinal() * CONDITIONS + condition.ordinal()];
  }

  /** The sensible pairs that were never seen. */
  List<String> missing() {
    var missing = new ArrayList<String>();
    for (Mishap mishap : Mishap.values()) {
      for (Condition condition : Condition.values()) {
        if (of(mishap, condition) == 0 && Exclusions.reason(mishap, condition).isEmpty()) {
          missing.add(mishap + " x " + condition);
        }
      }
    }
    return missing;
  }

  int sensiblePairs() {
    int pairs = 0;
    for (Mishap mishap : Mishap.values()) {
      for (Condition condition : Condition.values()) {
        pairs += Exclusions.reason(mishap, condition).isEmpty() ? 1 : 0;
      }
    }
    return pairs;
  }

  /** A line a mishap, a column a condition, and the excluded pairs' reasons below. */
  String table() {
    var table = new StringBuilder("%-28s".formatted(""));
    for (Condition condition : Condition.values()) {
      table.append("%17s".formatted(condition.name().toLowerCase(Locale.ROOT)));
    }
    table.append('\n');
    for (Mishap mishap : Mishap.values()) {
      table.append("%-28s".formatted(mishap.name().toLowerCase(Locale.ROOT)));
      for (Condition condition : Condition.values()) {
        boolean excluded = Exclusions.reason(mishap, condition).isPresent();
        table.append("%17s".formatted(excluded ? "-" : Long.toString(of(mishap, condition))));
      }
      table.append('\n');
    }
    table.append("\nNot counted (-):\n");
    Exclusions.sentences().forEach(sentence -> table.append(sentence).append('\n'));
    return table.toString();
  }
}
