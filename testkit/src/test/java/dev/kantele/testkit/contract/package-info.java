/** Tests of {@code dev.kantele.testkit.contract}. */
@NullMarked
package dev.kantele.testkit.contract;

import org.jspecify.annotations.NullMarked;
