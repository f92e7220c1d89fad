package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.JournalRecord.TurnOptions;
import java.util.List;
import java.util.Optional;

/** What a prompt asked for: a turn that waits, or one that runs. */
public record TurnRequest(
    TurnId turn,
    List<Part> content,
    PromptPolicy policy,
    ClientId author,
    Optional<JsonNode> metadata,
    Optional<TurnOptions> options) {
  public TurnRequest {
    content = List.copyOf(content);
  }

  /** The model that the prompt chose in place of the agent's. */
  Optional<String> model() {
    return options.flatMap(TurnOptions::model);
  }

  TurnRequest with(TurnOptions chosen) {
    return new TurnRequest(chosen.turn(), content, policy, author, metadata, Optional.of(chosen));
  }
}
