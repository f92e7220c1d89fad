package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.SessionId;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session says to whoever routes messages to it. */
public sealed interface Registry {
  /**
   * The session would like to stop: keep its messages back and send it {@link SessionMessage.Stop}.
   */
  record Passivate(SessionId session, ActorRef<SessionMessage> ref) implements Registry {}

  /** The session does not stop, or not now: hand it what was kept back, if anything was. */
  record StaysOn(SessionId session, ActorRef<SessionMessage> ref) implements Registry {}
}
