/**
 * Events as text for people. Start at {@link dev.kantele.cluster.render.TurnRenderer} for a
 * conversation and at {@link dev.kantele.cluster.render.TailLine} for a log. No input, no output,
 * no thread.
 */
@NullMarked
package dev.kantele.cluster.render;

import org.jspecify.annotations.NullMarked;
