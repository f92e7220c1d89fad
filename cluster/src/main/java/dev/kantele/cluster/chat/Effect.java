package dev.kantele.cluster.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.Optional;

/** What the conversation wants done. */
sealed interface Effect {
  /** Text goes on the screen. */
  record Show(String text) implements Effect {}

  /** A line about the conversation goes on the screen, wherever the answer stands; or several. */
  record Note(String lines) implements Effect {}

  /** A session becomes the one that is talked to; it is made only if {@code create}. */
  record Open(SessionId session, boolean create) implements Effect {}

  /** A prompt is sent. */
  record Prompt(SessionId session, TurnId turn, String text, Optional<String> model)
      implements Effect {}

  /** A turn is cancelled. */
  record Cancel(SessionId session, TurnId turn) implements Effect {}

  /** A tool call is decided, with other arguments if given. */
  record Decide(
      SessionId session, Pending.Approval call, Decision decision, Optional<JsonNode> arguments)
      implements Effect {}

  /** A question is answered, or declined without content. */
  record Reply(SessionId session, Pending.Question question, Optional<JsonNode> content)
      implements Effect {}

  /** The sessions are listed that have {@code part} in their ids. */
  record ListSessions(String part) implements Effect {}

  /** The models are listed. */
  record ListModels() implements Effect {}

  /** The chat is over. */
  record Leave(Left.Why why) implements Effect {}
}
