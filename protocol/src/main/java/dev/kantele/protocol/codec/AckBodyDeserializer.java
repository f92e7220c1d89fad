package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.AckBody;
import java.io.IOException;

/** Tells by its fields which body an ack has. */
final class AckBodyDeserializer extends StdDeserializer<AckBody> {
  private static final long serialVersionUID = 1;

  AckBodyDeserializer() {
    super(AckBody.class);
  }

  @Override
  public AckBody deserialize(JsonParser in, DeserializationContext context) throws IOException {
    ObjectNode fields = Trees.readFields(in, context);
    return context.readTreeAsValue(fields, bodyOf(fields));
  }

  private static Class<? extends AckBody> bodyOf(ObjectNode fields) {
    if (fields.has("created")) {
      return AckBody.Opened.class;
    }
    if (fields.has("turns")) {
      return AckBody.Status.class;
    }
    if (fields.has("log")) {
      return AckBody.Attached.class;
    }
    if (fields.has("turn")) {
      return AckBody.PromptAccepted.class;
    }
    if (fields.has("registered")) {
      return AckBody.ToolsRegistered.class;
    }
    if (fields.has("sessions")) {
      return AckBody.Sessions.class;
    }
    if (fields.has("agents")) {
      return AckBody.Agents.class;
    }
    return fields.has("models") ? AckBody.Models.class : AckBody.Done.class;
  }
}
