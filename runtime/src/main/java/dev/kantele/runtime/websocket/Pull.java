package dev.kantele.runtime.websocket;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.Cursor;

/** A pull that a subscription needs; its reply comes back with the subscription's id. */
record Pull(long subscription, SessionId session, Cursor cursor, int maxEvents, int maxBytes) {}
