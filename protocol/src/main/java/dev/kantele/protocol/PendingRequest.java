package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Something that waits for somebody: an {@code approval}, which {@code tool.decide} gives for
 * {@code invocation}, or an {@code input}, which {@code input.answer} gives to {@code request}.
 *
 * @param kind {@code approval} or {@code input}
 * @param name the tool that is to run, for an approval
 * @param arguments what it is to run with, for an approval
 * @param prompt the question, for an input
 * @param schema what the answer must be, as JSON Schema, for an input
 * @param expiresAt when it is too late; absent if never
 */
public record PendingRequest(
    String kind,
    TurnId turn,
    Optional<InvocationId> invocation,
    Optional<RequestId> request,
    Optional<String> name,
    Optional<JsonNode> arguments,
    Optional<String> prompt,
    Optional<JsonNode> schema,
    Optional<Instant> expiresAt) {
  public PendingRequest {
    requireNonNull(kind, "kind");
    requireNonNull(turn, "turn");
    arguments = JsonValues.nullIsAbsent(arguments);
    schema = JsonValues.nullIsAbsent(schema);
    expiresAt = expiresAt.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
  }

  /** A tool call that waits for a decision. */
  public static PendingRequest approval(
      TurnId turn,
      InvocationId invocation,
      String name,
      Optional<JsonNode> arguments,
      Optional<Instant> expiresAt) {
    return new PendingRequest(
        "approval",
        turn,
        Optional.of(invocation),
        Optional.empty(),
        Optional.of(name),
        arguments,
        Optional.empty(),
        Optional.empty(),
        expiresAt);
  }

  /** A tool call that waits for an answer. */
  public static PendingRequest input(
      TurnId turn,
      InvocationId invocation,
      RequestId request,
      String prompt,
      Optional<JsonNode> schema,
      Optional<Instant> expiresAt) {
    return new PendingRequest(
        "input",
        turn,
        Optional.of(invocation),
        Optional.of(request),
        Optional.empty(),
        Optional.empty(),
        Optional.of(prompt),
        schema,
        expiresAt);
  }
}
