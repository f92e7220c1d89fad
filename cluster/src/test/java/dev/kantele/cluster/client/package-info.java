/** Tests of the WebSocket client against a node that plays a part. */
@NullMarked
package dev.kantele.cluster.client;

import org.jspecify.annotations.NullMarked;
