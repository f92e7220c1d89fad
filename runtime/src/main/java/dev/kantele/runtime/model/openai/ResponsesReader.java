package dev.kantele.runtime.model.openai;

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

/**
 * Understands an answer of the Responses wire: items that are added, filled and done, and at the
 * end one of {@code response.completed}, {@code response.incomplete} and {@code response.failed},
 * without which an answer is not whole. Events that no one expects are passed over. See <a
 * href="https://platform.openai.com/docs/api-reference/responses-streaming">platform.openai.com</a>.
 */
final class ResponsesReader implements AnswerReader {
  private final VendorErrors errors;
  private final ResponsesParts parts;

  ResponsesReader(String provider, VendorErrors errors) {
    this.errors = errors;
    this.parts = new ResponsesParts(provider);
  }

  @Override
  public List<ModelEvent> read(ServerSentEvent event) {
    String data = event.data().strip();
    if (data.isEmpty()) {
      return List.of();
    }
    if (data.equals("[DONE]")) {
      return List.of(VendorErrors.failed("incomplete", "the answer ended without a finish", true));
    }
    return AnswerJson.read(data)
        .map(this::read)
        .orElseGet(
            () ->
                List.of(
                    VendorErrors.failed(
                        "provider_error", "the answer has an event that is no JSON", true)));
  }

  private List<ModelEvent> read(JsonNode event) {
    var said = new ArrayList<ModelEvent>();
    switch (event.path("type").asText()) {
      case "response.output_item.added" -> parts.added(event, said);
      case "response.output_item.done" -> parts.done(event, said);
      case "response.output_text.delta" -> parts.text(event, said);
      case "response.refusal.delta" -> parts.refusal(event, said);
      case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
          parts.reasoning(event, said);
      case "response.function_call_arguments.delta" -> parts.arguments(event, said);
      case "response.completed" -> said.add(completed(event.path("response")));
      case "response.incomplete" -> said.add(incomplete(event.path("response")));
      case "response.failed", "response.cancelled" -> said.add(failed(event.path("response")));
      case "error" -> said.add(errors.inStream(event));
      default -> {
        if (event.hasNonNull("error")) {
          said.add(errors.inStream(event));
        }
      }
    }
    return said;
  }

  private ModelEvent completed(JsonNode response) {
    FinishReason reason =
        parts.hasCalls()
            ? FinishReason.TOOL_CALLS
            : parts.isRefused() ? FinishReason.REFUSAL : FinishReason.END;
    return new ModelEvent.Finished(reason, usage(response.path("usage")));
  }

  private static ModelEvent incomplete(JsonNode response) {
    FinishReason reason =
        response.path("incomplete_details").path("reason").asText().equals("content_filter")
            ? FinishReason.CONTENT_FILTER
            : FinishReason.MAX_TOKENS;
    return new ModelEvent.Finished(reason, usage(response.path("usage")));
  }

  private ModelEvent failed(JsonNode response) {
    ModelEvent.Failed failed = errors.inStream(response.path("error"));
    return new ModelEvent.Failed(
        failed.failure(),
        failed.retryAfter(),
        response.path("usage").isObject()
            ? Optional.of(usage(response.path("usage")))
            : Optional.empty());
  }

  /* Tokens of reasoning are among those of the output. */
  private static Usage usage(JsonNode counts) {
    return new Usage(
        tokens(counts.path("input_tokens")),
        tokens(counts.path("output_tokens")),
        tokens(counts.path("input_tokens_details").path("cached_tokens")));
  }

  private static long tokens(JsonNode count) {
    return Math.clamp(count.asLong(0), 0, WireNumber.MAX);
  }

  @Override
  public List<ModelEvent> end() {
    return List.of();
  }
}
