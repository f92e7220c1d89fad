/** Tests of the codec; start at {@link dev.kantele.protocol.codec.GoldenTest}. */
@NullMarked
package dev.kantele.protocol.codec;

import org.jspecify.annotations.NullMarked;
