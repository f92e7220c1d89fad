/**
 * Who may talk to a node: start at {@link dev.kantele.runtime.security.Authenticator}. Values and
 * an SPI; no thread owns anything.
 */
@NullMarked
package dev.kantele.runtime.security;

import org.jspecify.annotations.NullMarked;
