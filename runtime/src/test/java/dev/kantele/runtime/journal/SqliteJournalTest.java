package dev.kantele.runtime.journal;

import java.nio.file.Path;

final class SqliteJournalTest extends JournalContract {
  @Override
  TestNode start(Path data) {
    return TestNode.sqlite(data);
  }
}
