/** Tests of this package. */
@NullMarked
package dev.kantele.cluster.cli;

import org.jspecify.annotations.NullMarked;
