/**
 * Time zones by the names that people use. Start at {@link dev.kantele.runtime.zone.ZoneNames}.
 * Values only: no thread owns anything.
 */
@NullMarked
package dev.kantele.runtime.zone;

import org.jspecify.annotations.NullMarked;
