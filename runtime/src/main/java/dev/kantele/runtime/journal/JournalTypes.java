package dev.kantele.runtime.journal;

import com.fasterxml.jackson.databind.Module;
import dev.kantele.runtime.log.JournalRecord;
import java.util.List;

/** What this package keeps in the journal. */
public final class JournalTypes implements SerializableTypes {
  @Override
  public List<SerializableType<?>> types() {
    return List.of(
        SerializableType.of("journal-record", JournalRecord.class),
        SerializableType.of("busy-changed", BusyLog.Changed.class),
        SerializableType.of("busy-members", BusyLog.Members.class));
  }

  @Override
  public List<Module> modules() {
    return List.of(new JournalModule());
  }
}
