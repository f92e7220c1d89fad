/**
 * A node as a process runs it: its configuration from options, environment and file, and its start
 * and stop. Start at {@link dev.kantele.cluster.node.Node}.
 */
@NullMarked
package dev.kantele.cluster.node;

import org.jspecify.annotations.NullMarked;
