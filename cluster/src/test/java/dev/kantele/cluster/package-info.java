/**
 * Scenarios of the whole, in processes that can be killed; start at {@link
 * dev.kantele.cluster.NodeProcess}.
 */
@NullMarked
package dev.kantele.cluster;

import org.jspecify.annotations.NullMarked;
