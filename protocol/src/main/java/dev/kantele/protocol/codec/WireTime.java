package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Points in time as RFC 3339 in UTC with three digits of a second, in every format. */
final class WireTime {
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  static String format(Instant instant) {
    return MILLISECONDS.format(instant);
  }

  static final class Serializer extends StdScalarSerializer<Instant> {
    private static final long serialVersionUID = 1;

    Serializer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant instant, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(format(instant));
    }
  }

  static final class Deserializer extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    Deserializer() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      try {
        return Instant.parse(text);
      } catch (DateTimeException _) {
        throw context.weirdStringException(text, Instant.class, "expected: RFC 3339 in UTC");
      }
    }
  }

  private WireTime() {}
}
