/** A node that is killed, again and again, and what its clients may rely on all the same. */
@NullMarked
package dev.kantele.cluster.kill;

import org.jspecify.annotations.NullMarked;
