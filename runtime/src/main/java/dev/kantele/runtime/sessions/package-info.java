/**
 * The way to a session, wherever it lives: start at {@link dev.kantele.runtime.sessions.Sessions}.
 */
@NullMarked
package dev.kantele.runtime.sessions;

import org.jspecify.annotations.NullMarked;
