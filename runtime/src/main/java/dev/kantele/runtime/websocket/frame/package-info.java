/**
 * Frames of RFC 6455 as a server reads and writes them: start at {@link
 * dev.kantele.runtime.websocket.frame.FrameReader}. No I/O in here; a reader is confined to its
 * connection's stream.
 */
@NullMarked
package dev.kantele.runtime.websocket.frame;

import org.jspecify.annotations.NullMarked;
