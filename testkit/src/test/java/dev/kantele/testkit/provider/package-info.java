/** Tests of {@code dev.kantele.testkit.provider}. */
@NullMarked
package dev.kantele.testkit.provider;

import org.jspecify.annotations.NullMarked;
