/** Tests of the kit, most of which are written with it. */
@NullMarked
package dev.kantele.testkit;

import org.jspecify.annotations.NullMarked;
