package dev.kantele.runtime.websocket;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import java.util.ArrayDeque;

/**
 * One connection's place in one session's log: a cursor, and either a pull that is open or what is
 * left of the batch that the last one brought. Confined to its connection's stream.
 */
final class Subscription {
  final long id;
  final SessionId session;
  final Credit credit;

  /** Where the next pull begins. */
  Cursor cursor;

  /** The last number that was given to the client, or that it came with. */
  long lastSeq;

  /** What was pulled and not yet written. */
  final ArrayDeque<Delivery> ready = new ArrayDeque<>();

  /** Whether a pull is open. */
  boolean pulling;

  /** Whether it takes part in the sharing of the socket. */
  boolean sharing;

  /** What the open pull, or the batch that is being written, takes of the budget. */
  int reservedBytes;

  Subscription(long id, SessionId session, Cursor cursor, Credit credit) {
    this.id = id;
    this.session = session;
    this.cursor = cursor;
    this.credit = credit;
    this.lastSeq = cursor.after();
  }
}
