package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;

/** Writes a message with its name, or its fields alone into an object that is already begun. */
abstract class FieldsSerializer<T> extends JsonSerializer<T> {
  abstract String nameOf(T value);

  abstract void writeFields(T value, JsonGenerator out, SerializerProvider provider)
      throws IOException;

  @Override
  public final void serialize(T value, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    out.writeStartObject(value);
    out.writeStringField("type", nameOf(value));
    writeFields(value, out, provider);
    out.writeEndObject();
  }
}
