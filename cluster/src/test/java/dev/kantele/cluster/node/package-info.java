/** Tests of this package. */
@NullMarked
package dev.kantele.cluster.node;

import org.jspecify.annotations.NullMarked;
