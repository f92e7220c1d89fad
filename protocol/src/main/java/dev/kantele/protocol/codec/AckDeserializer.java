package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import java.io.IOException;
import java.util.List;

/** Reads an ack whose body's fields stand beside its own. */
final class AckDeserializer extends StdDeserializer<Reply.Ack> {
  private static final long serialVersionUID = 1;

  AckDeserializer() {
    super(Reply.Ack.class);
  }

  @Override
  public Reply.Ack deserialize(JsonParser in, DeserializationContext context) throws IOException {
    ObjectNode fields = Trees.readFields(in, context);
    if (!fields.path("re").isTextual()) {
      return context.reportInputMismatch(this, "re: missing (expected: the command's id)");
    }
    CommandId re = context.readTreeAsValue(fields.path("re"), CommandId.class);
    boolean duplicate = fields.path("duplicate").booleanValue();
    fields.remove(List.of("type", "re", "duplicate"));
    return new Reply.Ack(re, duplicate, context.readTreeAsValue(fields, AckBody.class));
  }
}
