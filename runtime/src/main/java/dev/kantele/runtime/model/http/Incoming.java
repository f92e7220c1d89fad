package dev.kantele.runtime.model.http;

import org.apache.pekko.util.ByteString;

/** What comes back from a vendor. */
sealed interface Incoming {
  /** A piece of an event stream. */
  record Piece(ByteString bytes) implements Incoming {}

  /** An answer that is no event stream; the only element. */
  record Refused(Refusal refusal) implements Incoming {}
}
