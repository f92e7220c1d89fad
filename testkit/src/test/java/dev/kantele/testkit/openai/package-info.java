/** Tests of {@code dev.kantele.testkit.openai}. */
@NullMarked
package dev.kantele.testkit.openai;

import org.jspecify.annotations.NullMarked;
