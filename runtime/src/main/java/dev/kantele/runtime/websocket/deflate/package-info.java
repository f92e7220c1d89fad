/**
 * Compressed messages: the extension permessage-deflate (RFC 7692). Start at {@link
 * dev.kantele.runtime.websocket.deflate.DeflateSettings}; what two sides agree on is {@link
 * dev.kantele.runtime.websocket.deflate.DeflateParameters}. {@link
 * dev.kantele.runtime.websocket.deflate.Inflation} and {@link
 * dev.kantele.runtime.websocket.deflate.Deflation} hold memory outside the heap and belong to one
 * connection's stream, which closes them.
 */
@NullMarked
package dev.kantele.runtime.websocket.deflate;

import org.jspecify.annotations.NullMarked;
