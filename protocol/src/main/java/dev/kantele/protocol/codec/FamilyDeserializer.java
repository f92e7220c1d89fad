package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.EventBody;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads whichever message of a family an object's {@code type} names. */
final class FamilyDeserializer extends StdDeserializer<Object> {
  private static final long serialVersionUID = 1;

  private final transient Class<?> asked;
  private final transient WireNames family;
  private final transient Map<Class<?>, JsonDeserializer<Object>> readers =
      new ConcurrentHashMap<>();

  FamilyDeserializer(Class<?> asked, WireNames family) {
    super(asked);
    this.asked = asked;
    this.family = family;
  }

  @Override
  public @Nullable Object deserialize(JsonParser in, DeserializationContext context)
      throws IOException {
    if (in.isExpectedStartObjectToken()) {
      in.nextToken();
    }
    if (in.currentToken() == JsonToken.FIELD_NAME && in.currentName().equals("type")) {
      return deserializeTypeFirst(in, context);
    }
    return deserializeTree(Trees.readFields(in, context), context);
  }

  /** The order in which messages are written: needs no buffer. */
  private @Nullable Object deserializeTypeFirst(JsonParser in, DeserializationContext context)
      throws IOException {
    String type = in.nextTextValue();
    Optional<Class<?>> named = type == null ? Optional.empty() : find(type);
    in.nextToken();
    if (named.isPresent()) {
      return reader(named.get(), context).deserialize(in, context);
    }
    return unknown(type, Trees.readFields(in, context), context);
  }

  private @Nullable Object deserializeTree(ObjectNode object, DeserializationContext context)
      throws IOException {
    String type = object.path("type").textValue();
    object.remove("type");
    Optional<Class<?>> named = type == null ? Optional.empty() : find(type);
    return named.isPresent()
        ? context.readTreeAsValue(object, named.get())
        : unknown(type, object, context);
  }

  private JsonDeserializer<Object> reader(Class<?> type, DeserializationContext context)
      throws IOException {
    JsonDeserializer<Object> reader = readers.get(type);
    if (reader == null) {
      reader = context.findRootValueDeserializer(context.constructType(type));
      readers.put(type, reader);
    }
    return reader;
  }

  private Optional<Class<?>> find(String type) {
    return family.find(type).filter(asked::isAssignableFrom);
  }

  /**
   * Newer nodes may send newer events. Where such an event stands within another it is left out,
   * for nothing can be said of its kind.
   */
  private @Nullable Object unknown(
      @Nullable String type, ObjectNode fields, DeserializationContext context) throws IOException {
    if (type != null && asked == EventBody.class) {
      return new EventBody.Unknown(type, fields);
    }
    if (type != null && asked == EventBody.Live.class) {
      return null;
    }
    return context.reportInputMismatch(
        this, "type: %s (expected: a name below %s)", type, asked.getSimpleName());
  }
}
