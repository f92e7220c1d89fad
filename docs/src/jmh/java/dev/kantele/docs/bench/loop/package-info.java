/**
 * The poll loop beside other loops and executors: the same operation on each, one class an
 * operation.
 */
@NullMarked
package dev.kantele.docs.bench.loop;

import org.jspecify.annotations.NullMarked;
