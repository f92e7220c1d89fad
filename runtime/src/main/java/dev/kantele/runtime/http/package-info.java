/**
 * A node's HTTP port: start at {@link dev.kantele.runtime.http.HttpServer}. Requests are answered
 * on whatever thread pekko-http brings them; nothing here keeps state but the connections that the
 * WebSocket package owns.
 */
@NullMarked
package dev.kantele.runtime.http;

import org.jspecify.annotations.NullMarked;
