package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Reply;
import java.io.IOException;

/** Writes an ack with its body's fields beside its own. */
final class AckSerializer extends FieldsSerializer<Reply.Ack> {
  @Override
  String nameOf(Reply.Ack ack) {
    return "ack";
  }

  @Override
  void writeFields(Reply.Ack ack, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    out.writeStringField("re", ack.re().value());
    if (ack.duplicate()) {
      out.writeBooleanField("duplicate", true);
    }
    AckBody body = ack.body();
    provider
        .findValueSerializer(body.getClass())
        .unwrappingSerializer(NameTransformer.NOP)
        .serialize(body, out, provider);
  }
}
