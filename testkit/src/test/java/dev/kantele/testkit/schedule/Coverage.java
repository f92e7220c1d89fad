package dev.kantele.testkit.schedule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How often each {@link Fault} befell a session in each {@link Condition}. */
final class Coverage {
  private final Map<Fault, Map<Condition, Long>> counts = new EnumMap<>(Fault.class);

  void add(Fault fault, Condition condition) {
    counts
        .computeIfAbsent(fault, _ -> new EnumMap<>(Condition.class))
        .merge(condition, 1L, Long::sum);
  }

  void add(Coverage other) {
    other.counts.forEach(
        (fault, row) ->
            row.forEach(
                (condition, count) ->
                    counts
                        .computeIfAbsent(fault, _ -> new EnumMap<>(Condition.class))
                        .merge(condition, count, Long::sum)));
  }

  long of(Fault fault, Condition condition) {
    return counts.getOrDefault(fault, Map.of()).getOrDefault(condition, 0L);
  }

  /** Whether a fault can befall a session in that condition. */
  static boolean isSensible(Fault fault, Condition condition) {
    return switch (fault) {
      case PROMPT, CLIENT_CUT, CLIENT_STALLS ->
          condition != Condition.DOWN || fault == Fault.PROMPT;
      case INTERRUPT, STEER, ROLLBACK -> condition != Condition.DOWN;
      /* There must be something to cancel. */
      case CANCEL -> condition != Condition.IDLE && condition != Condition.DOWN;
      case STREAM_DIES ->
          condition == Condition.STREAMING
              || condition == Condition.WITH_A_QUEUE
              || condition == Condition.ENDING;
      case TOOL_DIES ->
          condition == Condition.TOOLS_RUNNING
              || condition == Condition.WITH_A_QUEUE
              || condition == Condition.ENDING;
      case CRASH_NOW, SESSION_DIES -> condition != Condition.DOWN;
      /* They strike when a write or a message comes, and are counted then: a node that is down has none. */
      case CRASH_BEFORE_A_WRITE,
          CRASH_AFTER_A_WRITE,
          WRITE_COMES_LATE,
          WRITE_FAILS,
          WRITE_LOSES_ITS_ANSWER,
          WRITE_IS_REJECTED,
          WRITE_IS_SLOW,
          READ_FAILS,
          RECOVERY_FAILS,
          BUSY_SET_FAILS,
          PULL_IS_LOST,
          BATCH_IS_DELAYED ->
          condition != Condition.DOWN;
    };
  }

  /** The sensible pairs that were never seen. */
  List<String> missing() {
    var missing = new ArrayList<String>();
    for (Fault fault : Fault.values()) {
      for (Condition condition : Condition.values()) {
        if (isSensible(fault, condition) && of(fault, condition) == 0) {
          missing.add(fault + " x " + condition);
        }
      }
    }
    return missing;
  }

  /** A line a fault, a column a condition; a dash where the two can't meet. */
  String table() {
    var table = new StringBuilder("%-24s".formatted(""));
    for (Condition condition : Condition.values()) {
      table.append("%15s".formatted(condition.name().toLowerCase(Locale.ROOT)));
    }
    table.append('\n');
    for (Fault fault : Fault.values()) {
      table.append("%-24s".formatted(fault.name().toLowerCase(Locale.ROOT)));
      for (Condition condition : Condition.values()) {
        String count = isSensible(fault, condition) ? Long.toString(of(fault, condition)) : "-";
        table.append("%15s".formatted(count));
      }
      table.append('\n');
    }
    return table.toString();
  }
}
