/** Tests of what a node takes from outside. */
@NullMarked
package dev.kantele.runtime.surroundings;

import org.jspecify.annotations.NullMarked;
