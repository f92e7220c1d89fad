/**
 * What a host may put before and after model calls and tool calls: start at {@link
 * dev.kantele.runtime.hook.Hook}. Hooks are called on virtual threads of their own, never on an
 * actor's.
 */
@NullMarked
package dev.kantele.runtime.hook;

import org.jspecify.annotations.NullMarked;
