package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import dev.kantele.protocol.EventBody;
import java.io.IOException;
import java.util.Map;

/** Writes an event of a newer version as it came. */
final class UnknownEventSerializer extends FieldsSerializer<EventBody.Unknown> {
  @Override
  String nameOf(EventBody.Unknown event) {
    return event.type();
  }

  @Override
  void writeFields(EventBody.Unknown event, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    for (Map.Entry<String, JsonNode> field : event.fields().properties()) {
      out.writeFieldName(field.getKey());
      out.writeTree(field.getValue());
    }
  }
}
