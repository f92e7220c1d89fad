package dev.kantele.runtime.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.WireName;
import dev.kantele.runtime.log.EndCause;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Note;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.log.Remembered;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells Jackson how a {@link JournalRecord} is stored. */
final class JournalModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  JournalModule() {
    super("kantele-journal");
    addSerializer(
        JournalRecord.class, new StdDelegatingSerializer(JournalRecord.class, new Store()));
    addDeserializer(JournalRecord.class, new StdDelegatingDeserializer<>(new Restore()));
    addDeserializer(Note.class, new ByWireName<>(Note.class));
    addDeserializer(EndCause.class, new ByWireName<>(EndCause.class));
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(new OptionalJson.Finder());
  }

  /** A record as it is stored: of {@code event} and {@code note} there is one. */
  private record StoredRecord(
      Covers covers,
      long reserved,
      Instant at,
      Optional<EventBody.Durable> event,
      Optional<Note> note,
      Optional<Remembered> remembered) {}

  private static final class Store extends StdConverter<JournalRecord, StoredRecord> {
    @Override
    public StoredRecord convert(JournalRecord row) {
      return new StoredRecord(
          row.covers(),
          row.reserved(),
          row.at(),
          row.content() instanceof Visible visible ? Optional.of(visible.body()) : Optional.empty(),
          row.content() instanceof Note note ? Optional.of(note) : Optional.empty(),
          row.remembered());
    }
  }

  private static final class Restore extends StdConverter<StoredRecord, JournalRecord> {
    @Override
    public JournalRecord convert(StoredRecord row) {
      return new JournalRecord(
          row.covers(),
          row.reserved(),
          row.at(),
          row.event()
              .<JournalRecord.Content>map(Visible::new)
              .or(row::note)
              .orElseThrow(() -> new IllegalArgumentException("neither event nor note")),
          row.remembered());
    }
  }

  /** Reads whichever record of a sealed family an object's {@code type} names. */
  private static final class ByWireName<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1;

    private final transient Map<String, Class<? extends T>> classes = new HashMap<>();

    ByWireName(Class<T> family) {
      super(family);
      for (Class<?> permitted : family.getPermittedSubclasses()) {
        WireName name = permitted.getAnnotation(WireName.class);
        if (name == null) {
          throw new IllegalArgumentException(permitted.getName() + ": no @WireName");
        }
        classes.put(name.value(), permitted.asSubclass(family));
      }
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      ObjectNode object = context.readValue(in, ObjectNode.class);
      JsonNode type = object.remove("type");
      Class<? extends T> named = type == null ? null : classes.get(type.textValue());
      return named == null
          ? context.reportInputMismatch(
              this, "type: %s (expected: one of %s)", type, classes.keySet())
          : context.readTreeAsValue(object, named);
    }
  }
}
