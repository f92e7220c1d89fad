/**
 * The commands that people type. Start at {@link dev.kantele.cluster.cli.CommandLineInterface}. The
 * main thread reads and prints; a shutdown hook cancels what it waits for.
 */
@NullMarked
package dev.kantele.cluster.cli;

import org.jspecify.annotations.NullMarked;
