/**
 * Sockets as streams of bytes: start at {@link dev.kantele.runtime.transport.Transport}. What a
 * connection's stream holds belongs to the thread that runs the stream; a listener may be asked by
 * any thread.
 */
@NullMarked
package dev.kantele.runtime.transport;

import org.jspecify.annotations.NullMarked;
