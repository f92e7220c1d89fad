/** Tests of worlds. */
@NullMarked
package dev.kantele.testkit.world;

import org.jspecify.annotations.NullMarked;
