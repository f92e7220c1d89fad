/**
 * The actors of a session: {@link dev.kantele.runtime.session.actor.SessionActor} around the pure
 * core, with a child for each model stream and each tool call. Each owns its fields; nothing is
 * shared but messages.
 */
@NullMarked
package dev.kantele.runtime.session.actor;

import org.jspecify.annotations.NullMarked;
