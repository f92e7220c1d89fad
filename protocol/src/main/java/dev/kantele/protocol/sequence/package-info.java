/**
 * The numbering rules of both directions, as plain values and functions: {@link
 * dev.kantele.protocol.sequence.CommandNumbers} for a session, {@link
 * dev.kantele.protocol.sequence.EventCursor} for a subscriber, and {@link
 * dev.kantele.protocol.sequence.LogRules} for tests of both. No thread owns anything; {@code
 * LogRules} is confined to whoever feeds it.
 */
@NullMarked
package dev.kantele.protocol.sequence;

import org.jspecify.annotations.NullMarked;
