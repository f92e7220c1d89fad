package dev.kantele.runtime.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.type.ReferenceType;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an optional JSON value as it was written: what is absent stays so, and null is a value.
 * Jackson by itself makes a null of both.
 */
final class OptionalJson extends StdDeserializer<Optional<JsonNode>> {
  private static final long serialVersionUID = 1;

  private OptionalJson() {
    super(Optional.class);
  }

  @Override
  public Optional<JsonNode> deserialize(JsonParser in, DeserializationContext context)
      throws IOException {
    return Optional.of(context.readTree(in));
  }

  @Override
  public Optional<JsonNode> getNullValue(DeserializationContext context) {
    return Optional.of(NullNode.getInstance());
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return Optional.empty();
  }

  /** Finds the reader. */
  static final class Finder extends Deserializers.Base {
    @Override
    public @Nullable JsonDeserializer<?> findReferenceDeserializer(
        ReferenceType type,
        DeserializationConfig config,
        BeanDescription bean,
        TypeDeserializer contentType,
        JsonDeserializer<?> content) {
      return type.hasRawClass(Optional.class)
              && type.getReferencedType().hasRawClass(JsonNode.class)
          ? new OptionalJson()
          : null;
    }
  }
}
