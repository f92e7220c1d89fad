package dev.kantele.runtime.session.simulation;

import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Erased;
import dev.kantele.runtime.session.SessionState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's rows and its latest snapshot. Deleted rows are remembered, to check against, but are
 * read no more.
 */
final class SimulatedJournal {
  private final List<JournalRecord> rows = new ArrayList<>();
  private final Findings findings;
  private long deletedThrough;
  private long changes;
  private @Nullable SessionState snapshot;

  SimulatedJournal(Findings findings) {
    this.findings = findings;
  }

  void append(List<JournalRecord> written) {
    rows.addAll(written);
    changes++;
  }

  /** How often something was written or erased. */
  long changes() {
    return changes;
  }

  /** How many rows were written since the log was last erased. */
  int size() {
    return rows.size();
  }

  JournalRecord row(long number) {
    return rows.get((int) number - 1);
  }

  long deletedThrough() {
    return deletedThrough;
  }

  boolean isErased() {
    return !rows.isEmpty() && rows.getLast().content() instanceof Erased;
  }

  /** The rows from {@code fromRow} on that are still there, at most {@code limit}. */
  List<JournalRecord> read(long fromRow, long throughSeq, int limit) {
    var found = new ArrayList<JournalRecord>();
    for (long row = Math.max(fromRow, deletedThrough + 1);
        row <= rows.size() && found.size() < limit;
        row++) {
      JournalRecord record = row(row);
      if (record.seq() > throughSeq) {
        break;
      }
      found.add(record);
    }
    return found;
  }

  void snapshot(SessionState state) {
    snapshot = state;
  }

  void deleteThrough(long row) {
    deletedThrough = Math.max(deletedThrough, row);
  }

  void erase() {
    rows.clear();
    changes++;
    deletedThrough = 0;
    snapshot = null;
  }

  /** The state as a recovery finds it, from the snapshot if there is one. */
  SessionState recover() {
    SessionState all = fold(SessionState.EMPTY, rows);
    SessionState saved = snapshot;
    if (saved == null) {
      return all;
    }
    SessionState fromSaved = fold(saved, rows.subList((int) saved.index().rows(), rows.size()));
    if (!fromSaved.equals(all)) {
      findings.add(
          Rule.STATE_IS_THE_FOLD,
          "from the snapshot: %s; from all rows: %s".formatted(fromSaved, all));
    }
    return fromSaved;
  }

  private static SessionState fold(SessionState state, List<JournalRecord> rows) {
    SessionState folded = state;
    for (JournalRecord row : rows) {
      folded = folded.apply(row);
    }
    return folded;
  }
}
