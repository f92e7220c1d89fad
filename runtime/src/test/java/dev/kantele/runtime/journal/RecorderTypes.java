package dev.kantele.runtime.journal;

import java.util.List;

/** Registers the recorder's snapshot, as other packages register theirs. */
public final class RecorderTypes implements SerializableTypes {
  @Override
  public List<SerializableType<?>> types() {
    return List.of(SerializableType.of("test.recorded", Recorder.Recorded.class));
  }
}
