package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.time.Instant;

/** An event without its numbers, flat as in a frame. */
record FramedBody(SessionId session, Instant at, EventBody body) {
  /** Writes type, session and time, then the body's own fields. */
  static final class Serializer extends JsonSerializer<FramedBody> {
    @Override
    public void serialize(FramedBody framed, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      EventBody body = framed.body();
      FieldsSerializer<Object> fields = fieldsSerializer(body, provider);
      out.writeStartObject(framed);
      out.writeStringField("type", fields.nameOf(body));
      out.writeStringField("session", framed.session().value());
      out.writeStringField("at", WireTime.format(framed.at()));
      fields.writeFields(body, out, provider);
      out.writeEndObject();
    }

    @SuppressWarnings("unchecked") // WireModule gives every event body a FieldsSerializer.
    private static FieldsSerializer<Object> fieldsSerializer(
        EventBody body, SerializerProvider provider) throws IOException {
      return (FieldsSerializer<Object>)
          (JsonSerializer<?>) provider.findValueSerializer(body.getClass());
    }
  }
}
