/**
 * Frames of RFC 6455 as both sides read and write them: start at {@link
 * dev.kantele.runtime.websocket.frame.Frames}, then {@link
 * dev.kantele.runtime.websocket.frame.FrameDecoder} and {@link
 * dev.kantele.runtime.websocket.frame.FrameEncoder}. No I/O and no clock in here; a decoder and an
 * encoder are confined to their connection's stream, a batch of frames is for any thread.
 */
@NullMarked
package dev.kantele.runtime.websocket.frame;

import org.jspecify.annotations.NullMarked;
