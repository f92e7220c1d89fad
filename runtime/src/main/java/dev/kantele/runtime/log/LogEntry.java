package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.EncodedBody;
import dev.kantele.protocol.codec.WireCodec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a log, shared by all who subscribe. Immutable but for the cache of its encoded form,
 * which any thread may fill: all would write the same bytes.
 */
public final class LogEntry {
  private final SessionId session;
  private final Covers covers;
  private final Instant at;
  private final EventBody body;
  private volatile @Nullable EncodedBody encoded;

  /** An event whose own numbers are {@code covers}. */
  public LogEntry(SessionId session, Covers covers, Instant at, EventBody body) {
    this.session = requireNonNull(session, "session");
    this.covers = requireNonNull(covers, "covers");
    this.at = requireNonNull(at, "at");
    this.body = requireNonNull(body, "body");
  }

  /** The numbers that the event stands for by itself. */
  public Covers covers() {
    return covers;
  }

  /** The event's number. */
  public long seq() {
    return covers.to();
  }

  /** When it happened. */
  public Instant at() {
    return at;
  }

  /** What happened. */
  public EventBody body() {
    return body;
  }

  /** The session whose event it is. */
  public SessionId session() {
    return session;
  }

  /** The encoded body, made at the first call. */
  public EncodedBody encoded(WireCodec codec) {
    EncodedBody known = encoded;
    if (known == null) {
      known = codec.encodeBody(session, at, body);
      encoded = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return covers + " " + body;
  }
}
