/**
 * WebSocket as a stage of Pekko Streams between the bytes of a connection and batches of frames,
 * for servers and clients: start at {@link dev.kantele.runtime.websocket.stage.WebSocketFlow}. A
 * stage runs on its stream's thread and shares nothing.
 */
@NullMarked
package dev.kantele.runtime.websocket.stage;

import org.jspecify.annotations.NullMarked;
