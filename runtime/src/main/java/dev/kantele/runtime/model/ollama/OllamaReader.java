package dev.kantele.runtime.model.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.AnswerJson;
import dev.kantele.runtime.model.http.AnswerReader;
import dev.kantele.runtime.model.http.ServerSentEvent;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Understands an answer: lines, the last of which is {@code done} and counts. A tool call comes
 * whole, in one line.
 */
final class OllamaReader implements AnswerReader {
  private enum Kind {
    TEXT,
    REASONING,
    CALL
  }

  private final VendorErrors errors;
  private int parts;
  private boolean called;

  /** What the latest part is. */
  private @Nullable Kind kind;

  OllamaReader(VendorErrors errors) {
    this.errors = errors;
  }

  @Override
  public List<ModelEvent> read(ServerSentEvent event) {
    Optional<JsonNode> line = AnswerJson.read(event.data());
    if (line.isEmpty()) {
      return List.of(
          VendorErrors.failed("provider_error", "the answer has a line that is no JSON", true));
    }
    if (line.get().hasNonNull("error")) {
      return List.of(errors.inStream(line.get()));
    }
    var said = new ArrayList<ModelEvent>();
    read(line.get(), said);
    return said;
  }

  private void read(JsonNode line, List<ModelEvent> said) {
    JsonNode message = line.path("message");
    String thinking = message.path("thinking").asText("");
    if (!thinking.isEmpty()) {
      said.add(new ModelEvent.ReasoningDelta(partOf(Kind.REASONING), thinking));
    }
    String text = message.path("content").asText("");
    if (!text.isEmpty()) {
      said.add(new ModelEvent.TextDelta(partOf(Kind.TEXT), text));
    }
    for (JsonNode call : message.path("tool_calls")) {
      call(call.path("function"), said);
    }
    if (line.path("done").asBoolean(false)) {
      said.add(new ModelEvent.Finished(reason(line), usage(line)));
    }
  }

  private void call(JsonNode function, List<ModelEvent> said) {
    called = true;
    kind = Kind.CALL;
    int part = parts++;
    said.add(new ModelEvent.ToolCallStarted(part, function.path("name").asText("")));
    JsonNode arguments = function.path("arguments");
    String text = arguments.isTextual() ? arguments.textValue() : arguments.toString();
    if (!text.isEmpty()) {
      said.add(new ModelEvent.ToolCallDelta(part, text));
    }
  }

  private int partOf(Kind wanted) {
    if (kind != wanted) {
      kind = wanted;
      parts++;
    }
    return parts - 1;
  }

  private FinishReason reason(JsonNode line) {
    if (line.path("done_reason").asText().equals("length")) {
      return FinishReason.MAX_TOKENS;
    }
    return called ? FinishReason.TOOL_CALLS : FinishReason.END;
  }

  /* What of the prompt was in the server's cache is not said. */
  private static Usage usage(JsonNode line) {
    return new Usage(
        tokens(line.path("prompt_eval_count")),
        tokens(line.path("eval_count")),
        /* cachedTokens= */ 0);
  }

  private static long tokens(JsonNode count) {
    return Math.clamp(count.asLong(0), 0, WireNumber.MAX);
  }

  @Override
  public List<ModelEvent> end() {
    return List.of();
  }
}
