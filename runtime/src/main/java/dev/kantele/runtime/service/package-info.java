/**
 * What the fronts of a node share, be it WebSocket or plain HTTP: start at {@link
 * dev.kantele.runtime.service.NodeServices}. No thread owns anything.
 */
@NullMarked
package dev.kantele.runtime.service;

import org.jspecify.annotations.NullMarked;
