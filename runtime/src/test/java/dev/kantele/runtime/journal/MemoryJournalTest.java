package dev.kantele.runtime.journal;

import java.nio.file.Path;

final class MemoryJournalTest extends JournalContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  TestNode start(Path data) {
    return TestNode.memory(store);
  }
}
