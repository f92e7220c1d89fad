package dev.kantele.protocol.client;

import dev.kantele.protocol.CommandId;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for commands, none of them given twice, not by another client of the same name either: a
 * node answers an id that it remembers with the reply of long ago. Safe from any thread.
 */
final class CommandIds {
  private final String prefix = UUID.randomUUID() + "-";
  private final AtomicLong last = new AtomicLong();

  CommandId next() {
    return new CommandId(prefix + last.incrementAndGet());
  }
}
