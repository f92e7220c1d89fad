package dev.kantele.protocol.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.protocol.codec.WireNames;
import java.io.IOException;

/** Tells replies from events by the frame's own {@code type}, without reading the rest. */
final class FrameType {
  static boolean isReply(byte[] frame) throws IOException {
    try (JsonParser json = WireMapper.json().getFactory().createParser(frame)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean type = json.currentName().equals("type");
        json.nextToken();
        if (type) {
          return WireNames.REPLIES.find(json.getValueAsString("")).isPresent();
        }
        json.skipChildren();
      }
      throw new IOException("no type");
    }
  }

  private FrameType() {}
}
