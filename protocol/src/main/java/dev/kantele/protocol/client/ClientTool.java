package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A tool that this client runs for a session.
 *
 * @param name 1..64 characters of {@code A-Za-z0-9_-}
 * @param description what it does, for the model
 * @param inputSchema the JSON Schema (draft 2020-12) of its arguments, an object
 * @param effect what it does to the world, and so what the node does when the client goes away
 * @param timeout how long a call may take; absent: as long as the node lets it
 * @param handler what it does
 */
public record ClientTool(
    String name,
    String description,
    JsonNode inputSchema,
    ToolEffect effect,
    Optional<Duration> timeout,
    Handler handler) {
  /** What a tool does. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Runs one call, on a virtual thread of its own, and returns its output. It may block; it is
     * interrupted when the call is cancelled or out of time.
     *
     * @throws ToolFailedException to tell the model what went wrong
     * @throws Exception to tell the model only that something did
     */
    JsonNode call(ClientCall call) throws Exception;
  }

  public ClientTool {
    requireNonNull(timeout, "timeout");
    requireNonNull(handler, "handler");
    ToolDescription _ = described(name, description, inputSchema, effect, timeout);
  }

  /** A tool without a time limit of its own. */
  public ClientTool(
      String name, String description, JsonNode inputSchema, ToolEffect effect, Handler handler) {
    this(name, description, inputSchema, effect, Optional.empty(), handler);
  }

  /** The tool as the node gets to know it. */
  ToolDescription described() {
    return described(name, description, inputSchema, effect, timeout);
  }

  private static ToolDescription described(
      String name,
      String description,
      JsonNode inputSchema,
      ToolEffect effect,
      Optional<Duration> timeout) {
    return new ToolDescription(
        name,
        description,
        inputSchema,
        effect,
        timeout.isPresent() ? OptionalLong.of(timeout.get().toMillis()) : OptionalLong.empty());
  }
}
