/**
 * The protocol over WebSocket: start at {@link dev.kantele.runtime.websocket.WebSockets}. Each
 * connection is one stage ({@code ConnectionLogic}) that performs what {@code ConnectionCore}
 * decides; whatever belongs to a connection is confined to its stage, and only {@code Connections}
 * is shared.
 */
@NullMarked
package dev.kantele.runtime.websocket;

import org.jspecify.annotations.NullMarked;
