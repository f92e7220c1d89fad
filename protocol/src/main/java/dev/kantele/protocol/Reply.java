package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/** The one answer to a command; {@code re} is the command's id. */
public sealed interface Reply {
  /**
   * Greets a client: the version to speak, the heartbeat in milliseconds, this node's limits and
   * features.
   */
  @WireName("welcome")
  record Welcome(CommandId re, int version, long heartbeatMs, Limits limits, List<String> features)
      implements Reply {
    public Welcome {
      requireNonNull(re, "re");
      WireNumber.require("heartbeat_ms", heartbeatMs, 1);
      requireNonNull(limits, "limits");
      features = List.copyOf(features);
    }
  }

  /**
   * What a node takes at the most: bytes of a frame, parts of a prompt, subscriptions of a
   * connection, turns in a queue.
   */
  record Limits(long frameBytes, long contentParts, long subscriptions, long queuedTurns) {
    public Limits {
      WireNumber.require("frame_bytes", frameBytes, 1);
      WireNumber.require("content_parts", contentParts, 1);
      WireNumber.require("subscriptions", subscriptions, 1);
      WireNumber.require("queued_turns", queuedTurns, 1);
    }
  }

  /** The command took effect, or, with {@code duplicate}, had taken effect when it first came. */
  @WireName("ack")
  record Ack(CommandId re, boolean duplicate, AckBody body) implements Reply {
    public Ack {
      requireNonNull(re, "re");
      requireNonNull(body, "body");
    }

    /** A first answer. */
    public static Ack of(CommandId re, AckBody body) {
      return new Ack(re, /* duplicate= */ false, body);
    }
  }

  /** Answers {@code ping}. */
  @WireName("pong")
  record Pong(CommandId re) implements Reply {
    public Pong {
      requireNonNull(re, "re");
    }
  }

  /**
   * The command had no effect. Without {@code re} where the frame did not say which command it was.
   */
  @WireName("nack")
  record Nack(Optional<CommandId> re, WireError error) implements Reply {
    public Nack {
      requireNonNull(re, "re");
      requireNonNull(error, "error");
    }

    /** Refuses {@code re}. */
    public static Nack of(CommandId re, ErrorCode code, String message) {
      return new Nack(Optional.of(re), WireError.of(code, message));
    }
  }
}
