/**
 * The journal: where sessions keep their log and their snapshots, in memory or in one SQLite file,
 * behind Pekko Persistence. Start reading at {@link dev.kantele.runtime.journal.JournalConfig};
 * reads past the session's own recovery go through {@link dev.kantele.runtime.journal.LogReader},
 * deletions through {@link dev.kantele.runtime.journal.LogPruner}. Everything public may be called
 * from any thread.
 */
@NullMarked
package dev.kantele.runtime.journal;

import org.jspecify.annotations.NullMarked;
