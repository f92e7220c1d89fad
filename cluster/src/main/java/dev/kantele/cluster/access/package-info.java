/**
 * One view of a node's sessions for the command line, whether the node is at the other end of a
 * connection or in this process. Start at {@link dev.kantele.cluster.access.SessionAccess}. The
 * threads are the caller's: every method blocks.
 */
@NullMarked
package dev.kantele.cluster.access;

import org.jspecify.annotations.NullMarked;
