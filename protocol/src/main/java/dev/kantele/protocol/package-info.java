/** The wire protocol between clients and a Kantele node. */
@NullMarked
package dev.kantele.protocol;

import org.jspecify.annotations.NullMarked;
