package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What a pull brings. */
public sealed interface PullReply {
  /**
   * What comes next, and the cursor to go on from; without deliveries if nothing came for a while.
   */
  record Batch(List<Delivery> deliveries, Cursor next) implements PullReply {
    public Batch {
      deliveries = List.copyOf(deliveries);
      requireNonNull(next, "next");
    }
  }

  /** The cursor leads nowhere: its log was erased or is another, and the subscription has ended. */
  record Detached(String code, String message) implements PullReply {
    public Detached {
      requireNonNull(code, "code");
      requireNonNull(message, "message");
    }
  }
}
