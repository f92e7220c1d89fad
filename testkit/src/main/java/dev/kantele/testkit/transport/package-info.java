/**
 * The wire without a socket: the bytes of a WebSocket between a node in a test and its client,
 * which a test can cut, hold up and split. Start at {@link dev.kantele.testkit.transport.Loopback}.
 * Confined to the test's thread.
 */
@NullMarked
package dev.kantele.testkit.transport;

import org.jspecify.annotations.NullMarked;
