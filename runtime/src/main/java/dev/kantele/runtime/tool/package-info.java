/**
 * Tools as parts: start at {@link dev.kantele.runtime.tool.Tool}. Calls run outside the session's
 * actor and report to it.
 */
@NullMarked
package dev.kantele.runtime.tool;

import org.jspecify.annotations.NullMarked;
