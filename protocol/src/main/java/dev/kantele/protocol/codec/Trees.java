package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads objects as trees where their fields decide what they are. */
final class Trees {
  /** Reads an object, also from its first field on, and stops at its end. */
  static ObjectNode readFields(JsonParser in, DeserializationContext context) throws IOException {
    if (in.isExpectedStartObjectToken()) {
      in.nextToken();
    }
    ObjectNode object = context.getNodeFactory().objectNode();
    while (in.currentToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      object.set(name, context.readValue(in, JsonNode.class));
      in.nextToken();
    }
    return object;
  }

  private Trees() {}
}
