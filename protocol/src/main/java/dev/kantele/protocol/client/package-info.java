/**
 * The Java client: many sessions of one node over one WebSocket, across lost connections. Start at
 * {@link dev.kantele.protocol.client.KanteleClient}; inside, at {@code ClientCore}.
 *
 * <p>All of a client's state belongs to one mailbox ({@code SerialExecutor}) that runs on virtual
 * threads and never waits for anything. What is the application's (subscribers, tools, dependents
 * of futures, the supplier of tokens) runs on other virtual threads, and may block.
 */
@NullMarked
package dev.kantele.protocol.client;

import org.jspecify.annotations.NullMarked;
