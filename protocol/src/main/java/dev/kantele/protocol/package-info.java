/**
 * The messages of Kantele's wire protocol, version 1. Start at {@link
 * dev.kantele.protocol.Command}, {@link dev.kantele.protocol.Reply} and {@link
 * dev.kantele.protocol.Event}. Values only: no thread owns anything.
 */
@NullMarked
package dev.kantele.protocol;

import org.jspecify.annotations.NullMarked;
