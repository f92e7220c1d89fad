package dev.kantele.protocol.client;

import java.time.Duration;

/** What became of a client's connection, for whoever wants to tell a human. */
public sealed interface ConnectionChange {
  /** The node welcomed the client, for the first time or again. */
  record Connected() implements ConnectionChange {}

  /**
   * There is no connection; the next try comes after {@code pause}.
   *
   * @param because what happened, to go after "because"
   */
  record Lost(String because, Duration pause) implements ConnectionChange {}
}
