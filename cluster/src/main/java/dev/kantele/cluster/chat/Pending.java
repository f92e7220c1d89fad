package dev.kantele.cluster.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.TurnId;
import java.util.Optional;

/** What of a turn waits for somebody. */
sealed interface Pending {
  /** The turn. */
  TurnId turn();

  /** A tool call that waits for a decision. */
  record Approval(TurnId turn, InvocationId invocation, String name, Optional<JsonNode> arguments)
      implements Pending {}

  /** A question that waits for an answer, and the call that asks it. */
  record Question(
      TurnId turn,
      RequestId request,
      Optional<InvocationId> asker,
      String prompt,
      Optional<JsonNode> schema)
      implements Pending {}
}
