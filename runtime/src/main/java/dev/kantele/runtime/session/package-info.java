/**
 * A session's decisions: {@link dev.kantele.runtime.session.SessionCore} turns a state and an input
 * into rows to write and effects to perform. No I/O, no clock, no actor: everything in here runs in
 * its caller's thread, one session's at a time.
 */
@NullMarked
package dev.kantele.runtime.session;

import org.jspecify.annotations.NullMarked;
