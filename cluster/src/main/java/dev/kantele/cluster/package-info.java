/** The node as it is deployed: command line, wiring and clustering. */
@NullMarked
package dev.kantele.cluster;

import org.jspecify.annotations.NullMarked;
