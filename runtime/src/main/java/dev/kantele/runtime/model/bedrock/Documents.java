package dev.kantele.runtime.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;

/** JSON as the SDK's documents. */
final class Documents {
  static Document of(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> {
        var fields = new LinkedHashMap<String, Document>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
          fields.put(field.getKey(), of(field.getValue()));
        }
        yield Document.fromMap(fields);
      }
      case ARRAY -> {
        var elements = new ArrayList<Document>();
        json.forEach(element -> elements.add(of(element)));
        yield Document.fromList(elements);
      }
      case BOOLEAN -> Document.fromBoolean(json.booleanValue());
      case NUMBER -> Document.fromNumber(json.asText());
      case STRING -> Document.fromString(json.textValue());
      case NULL, MISSING, BINARY, POJO -> Document.fromNull();
    };
  }

  private Documents() {}
}
