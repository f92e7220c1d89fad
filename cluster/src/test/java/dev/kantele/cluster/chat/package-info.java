/** Tests of this package. */
@NullMarked
package dev.kantele.cluster.chat;

import org.jspecify.annotations.NullMarked;
