/** A whole node over a real WebSocket. */
@NullMarked
package dev.kantele.runtime.wire;

import org.jspecify.annotations.NullMarked;
