package dev.kantele.cluster.chat;

import dev.kantele.protocol.PendingRequest;
import java.util.Optional;

/** What waits, as a snapshot has it. */
final class SnapshotPending {
  /** Empty for a kind that this version does not know. */
  static Optional<Pending> of(PendingRequest request) {
    return switch (request.kind()) {
      case "approval" ->
          request
              .invocation()
              .map(
                  call ->
                      new Pending.Approval(
                          request.turn(),
                          call,
                          request.name().orElse("a tool"),
                          request.arguments()));
      case "input" ->
          request
              .request()
              .map(
                  id ->
                      new Pending.Question(
                          request.turn(),
                          id,
                          request.invocation(),
                          request.prompt().orElse(""),
                          request.schema()));
      default -> Optional.empty();
    };
  }

  private SnapshotPending() {}
}
