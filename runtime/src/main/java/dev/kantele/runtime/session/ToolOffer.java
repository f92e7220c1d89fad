package dev.kantele.runtime.session;

import dev.kantele.protocol.ToolDescription;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;

/** A tool that a client runs; its time limit is set. */
public record ToolOffer(ClientKey client, ToolDescription tool) {
  /** How long one call may take. */
  public Duration limit() {
    return Duration.ofMillis(tool.timeoutMs().orElseThrow());
  }

  /** The tool as a model is told of it. */
  ToolSpec spec() {
    return new ToolSpec(
        tool.name(), tool.description(), tool.inputSchema(), tool.effect(), limit());
  }
}
