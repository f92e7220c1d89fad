/** Tests of the client against a node that is made of scripts, and in virtual time. */
@NullMarked
package dev.kantele.protocol.client;

import org.jspecify.annotations.NullMarked;
