/**
 * One thread, one queue and one clock for whatever a test runs, so that a seed gives the same run
 * again: start at {@link dev.kantele.testkit.world.World}. The thread that waits for something runs
 * it; there is no other.
 */
@NullMarked
package dev.kantele.testkit.world;

import org.jspecify.annotations.NullMarked;
