/** Tests of the numbering rules; start at {@link dev.kantele.protocol.sequence.LogRulesTest}. */
@NullMarked
package dev.kantele.protocol.sequence;

import org.jspecify.annotations.NullMarked;
