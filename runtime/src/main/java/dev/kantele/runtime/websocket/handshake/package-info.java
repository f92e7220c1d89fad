/**
 * The opening handshake (RFC 6455, section 4) as pure functions: start at {@link
 * dev.kantele.runtime.websocket.handshake.ServerHandshake} or {@link
 * dev.kantele.runtime.websocket.handshake.ClientHandshake}. Who reads requests and writes responses
 * is somebody else. Any thread may call.
 */
@NullMarked
package dev.kantele.runtime.websocket.handshake;

import org.jspecify.annotations.NullMarked;
