/**
 * The JSON form of the messages: start at {@link dev.kantele.protocol.codec.WireCodec} for frames
 * and at {@link dev.kantele.protocol.codec.WireMapper} for stored values. Everything public here is
 * immutable and safe for use by many threads.
 */
@NullMarked
package dev.kantele.protocol.codec;

import org.jspecify.annotations.NullMarked;
