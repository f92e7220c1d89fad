/**
 * Tools that need nothing but the JVM. Start at {@link dev.kantele.tools.builtin.BuiltinTools}.
 * Each call runs on a virtual thread of its own.
 */
@NullMarked
package dev.kantele.tools.builtin;

import org.jspecify.annotations.NullMarked;
