/**
 * The command line's way to a node at the other end of a WebSocket. Start at {@link
 * dev.kantele.cluster.client.NodeClient}. Frames arrive on a thread of the HTTP client, which only
 * hands them over; the caller's threads do the rest.
 */
@NullMarked
package dev.kantele.cluster.client;

import org.jspecify.annotations.NullMarked;
