/**
 * What a node takes from outside beside its settings: time, chance, threads for code that blocks.
 * Start at {@link dev.kantele.runtime.surroundings.Surroundings}. Nothing here has a thread of its
 * own.
 */
@NullMarked
package dev.kantele.runtime.surroundings;

import org.jspecify.annotations.NullMarked;
