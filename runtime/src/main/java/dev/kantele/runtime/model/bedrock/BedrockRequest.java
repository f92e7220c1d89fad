package dev.kantele.runtime.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;

/** What a call sends. */
sealed interface BedrockRequest {
  /** The request. */
  record Body(ConverseStreamRequest request) implements BedrockRequest {}

  /** There is no such call; {@code message} is one plain sentence. */
  record Invalid(String message) implements BedrockRequest {}

  /**
   * Says in Converse's terms what is asked for. Of the prompt's {@code params}, those that Converse
   * knows are in its inference configuration, and all others are fields of the model's own.
   */
  static BedrockRequest of(ModelRequest request) {
    var call =
        ConverseStreamRequest.builder()
            .modelId(request.model())
            .messages(BedrockMessages.of(request.transcript()));
    List<SystemContentBlock> system = system(request);
    if (!system.isEmpty()) {
      call.system(system);
    }
    if (!request.tools().isEmpty()) {
      call.toolConfig(
          config -> config.tools(request.tools().stream().map(BedrockRequest::tool).toList()));
    }
    if (request.params().isPresent()) {
      JsonNode params = request.params().get();
      if (!params.isObject()) {
        return new Invalid("params: " + params.getNodeType() + " (expected: OBJECT)");
      }
      addParams(call, params);
    }
    return new Body(call.build());
  }

  /* There is no field for a schema, so the model is asked; its answer is checked anyway. */
  private static List<SystemContentBlock> system(ModelRequest request) {
    var system = new ArrayList<SystemContentBlock>();
    request
        .instructions()
        .filter(text -> !text.isBlank())
        .ifPresent(text -> system.add(SystemContentBlock.fromText(text)));
    request
        .outputSchema()
        .ifPresent(
            schema ->
                system.add(
                    SystemContentBlock.fromText(
                        "Answer with nothing but JSON that is valid by this JSON schema: "
                            + schema)));
    return system;
  }

  private static Tool tool(ToolSpec tool) {
    return Tool.builder()
        .toolSpec(
            spec ->
                spec.name(tool.name())
                    .description(tool.description())
                    .inputSchema(schema -> schema.json(Documents.of(tool.inputSchema()))))
        .build();
  }

  private static void addParams(ConverseStreamRequest.Builder call, JsonNode params) {
    var inference = InferenceConfiguration.builder();
    var others = new LinkedHashMap<String, Document>();
    for (Map.Entry<String, JsonNode> param : params.properties()) {
      JsonNode value = param.getValue();
      switch (param.getKey()) {
        case "max_tokens", "max_completion_tokens" -> inference.maxTokens(value.asInt());
        case "temperature" -> inference.temperature((float) value.asDouble());
        case "top_p" -> inference.topP((float) value.asDouble());
        case "stop" -> {
          var stops = new ArrayList<String>();
          if (value.isTextual()) {
            stops.add(value.textValue());
          }
          value.forEach(stop -> stops.add(stop.asText()));
          inference.stopSequences(stops);
        }
        default -> others.put(param.getKey(), Documents.of(value));
      }
    }
    call.inferenceConfig(inference.build());
    if (!others.isEmpty()) {
      call.additionalModelRequestFields(Document.fromMap(others));
    }
  }
}
