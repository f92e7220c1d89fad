/**
 * The command line's way to a node at the other end of a WebSocket: {@link
 * dev.kantele.protocol.client.KanteleClient} as a {@link dev.kantele.cluster.access.SessionAccess}.
 * Start at {@link dev.kantele.cluster.client.RemoteSessions}. The threads are the caller's, who
 * waits.
 */
@NullMarked
package dev.kantele.cluster.client;

import org.jspecify.annotations.NullMarked;
