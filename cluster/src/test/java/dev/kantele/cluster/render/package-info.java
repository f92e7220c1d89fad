/** Tests of this package. */
@NullMarked
package dev.kantele.cluster.render;

import org.jspecify.annotations.NullMarked;
