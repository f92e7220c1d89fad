package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.RequestId;
import java.time.Instant;
import java.util.Optional;

/**
 * What a tool call waits for before it may go on: the answer to a question or, without one,
 * somebody's decision.
 *
 * @param expiresAt when the wait is over without one; absent if never
 */
public record Wait(Optional<Question> question, Optional<Instant> expiresAt) {
  /** What is asked; {@code schema} is what the answer must be, as JSON Schema. */
  public record Question(RequestId request, String prompt, Optional<JsonNode> schema) {}
}
