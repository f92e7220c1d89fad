package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.ser.ResolvableSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;
import java.io.IOException;

/** Writes a message as an object whose first field is its {@code type}. */
final class NamedSerializer extends FieldsSerializer<Object>
    implements ContextualSerializer, ResolvableSerializer {
  private final String name;
  private final JsonSerializer<Object> bean;
  private final JsonSerializer<Object> fields;

  @SuppressWarnings("unchecked") // Jackson's modifiers pass serializers without their type.
  NamedSerializer(String name, JsonSerializer<?> bean) {
    this.name = name;
    this.bean = (JsonSerializer<Object>) bean;
    this.fields = this.bean.unwrappingSerializer(NameTransformer.NOP);
  }

  @Override
  public void resolve(SerializerProvider provider) throws JsonMappingException {
    if (bean instanceof ResolvableSerializer resolvable) {
      resolvable.resolve(provider);
    }
  }

  @Override
  public JsonSerializer<?> createContextual(SerializerProvider provider, BeanProperty property)
      throws JsonMappingException {
    return bean instanceof ContextualSerializer contextual
        ? new NamedSerializer(name, contextual.createContextual(provider, property))
        : this;
  }

  @Override
  String nameOf(Object value) {
    return name;
  }

  @Override
  void writeFields(Object value, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    fields.serialize(value, out, provider);
  }
}
