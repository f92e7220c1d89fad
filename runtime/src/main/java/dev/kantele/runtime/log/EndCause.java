package dev.kantele.runtime.log;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.WireName;
import java.util.Optional;

/** Why a turn ends before its model is done. */
public sealed interface EndCause {
  /** Somebody cancelled it, interrupted it, or closed the session. */
  @WireName("cancelled")
  record Cancelled(Optional<String> reason) implements EndCause {}

  /** A prompt takes its place, and it leaves the transcript. */
  @WireName("rolled_back")
  record RolledBack() implements EndCause {}

  /** A limit of the agent or the prompt was reached. */
  @WireName("limit")
  record Limit(String limit) implements EndCause {}

  /** It can't go on. */
  @WireName("failed")
  record Failed(Failure failure) implements EndCause {}
}
