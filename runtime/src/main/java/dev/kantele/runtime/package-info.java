/** One Kantele node: sessions, turns, model streams and tool calls. */
@NullMarked
package dev.kantele.runtime;

import org.jspecify.annotations.NullMarked;
