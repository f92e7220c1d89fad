/**
 * The session's log: what is written ({@link dev.kantele.runtime.log.JournalRecord}), and what is
 * kept in memory and handed to subscribers. No actor and no I/O in here; each log is confined to
 * its session's actor.
 */
@NullMarked
package dev.kantele.runtime.log;

import org.jspecify.annotations.NullMarked;
