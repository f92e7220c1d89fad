/**
 * Benchmarks: JMH's where an operation is short enough, and load programs with a main method where
 * a whole node is measured. docs/benchmarks.md has the command for each. Nothing here is published.
 */
@NullMarked
package dev.kantele.docs.bench;

import org.jspecify.annotations.NullMarked;
