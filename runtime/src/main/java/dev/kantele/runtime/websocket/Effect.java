package dev.kantele.runtime.websocket;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.websocket.frame.CloseCode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a connection does because {@link ConnectionCore} decided so. Those with a {@code ticket} are
 * answered to the core under it, once.
 */
sealed interface Effect {
  /** Sends a reply. */
  record SendReply(Reply reply) implements Effect {}

  /** Sends an event that stands outside the log. */
  record SendEvent(Event event) implements Effect {}

  /** Asks the authenticator. */
  record Authenticate(long ticket, Optional<Secret> token) implements Effect {}

  /** Tells the core when the token has expired; in place of what was said before. */
  record Expire(Optional<Instant> at) implements Effect {}

  /** Makes this the one connection of the client. */
  record Claim(ClientKey client) implements Effect {}

  /** Hands a command to its session; those of one session in the order of these effects. */
  record Submit(long ticket, ClientKey client, Command.OfSession command) implements Effect {}

  /** Asks for a page of a list. */
  record ListPage(long ticket, String principal, Command.Listing listing) implements Effect {}

  /** Closes the connection, after what was sent before. */
  record Close(CloseCode code, String reason) implements Effect {}
}
