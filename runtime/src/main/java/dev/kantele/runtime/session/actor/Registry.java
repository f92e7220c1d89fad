package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.SessionId;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session says to whoever routes messages to it. */
public sealed interface Registry {
  /**
   * The session would like to stop: keep its messages back and send it {@link SessionMessage.Stop}.
   */
  record Passivate(SessionId session, ActorRef<SessionMessage> ref) implements Registry {}

  /** The session has work again and does not stop: hand it what was kept back. */
  record StaysOn(SessionId session, ActorRef<SessionMessage> ref) implements Registry {}
}
