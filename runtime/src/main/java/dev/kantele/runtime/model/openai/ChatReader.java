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
import org.jspecify.annotations.Nullable;

/**
 * Understands an answer: chunks, then {@code [DONE]}. A chunk that no one expects is passed over,
 * since servers add fields and chunks as they like; but without a finish reason an answer is not
 * whole, whatever it ends by.
 */
final class ChatReader implements AnswerReader {
  private static final String DONE = "[DONE]";

  private final VendorErrors errors;
  private final ChatParts parts = new ChatParts();
  private @Nullable String finishReason;
  private boolean refused;
  private Usage usage = Usage.NONE;

  ChatReader(VendorErrors errors) {
    this.errors = errors;
  }

  @Override
  public List<ModelEvent> read(ServerSentEvent event) {
    String data = event.data().strip();
    if (data.isEmpty()) {
      return List.of();
    }
    if (data.equals(DONE)) {
      return finishReason == null
          ? List.of(
              VendorErrors.failed("incomplete", "the answer ended without a finish reason", true))
          : end();
    }
    Optional<JsonNode> chunk = AnswerJson.read(data);
    if (chunk.isEmpty()) {
      return List.of(
          VendorErrors.failed("provider_error", "the answer has an event that is no JSON", true));
    }
    if (isError(event, chunk.get())) {
      return List.of(errors.inStream(chunk.get()));
    }
    return read(chunk.get());
  }

  private static boolean isError(ServerSentEvent event, JsonNode chunk) {
    return event.type().equals("error")
        || chunk.hasNonNull("error")
        || chunk.path("object").asText().equals("error");
  }

  private List<ModelEvent> read(JsonNode chunk) {
    readUsage(chunk.path("usage"));
    var said = new ArrayList<ModelEvent>();
    for (JsonNode choice : chunk.path("choices")) {
      // Only one was asked for.
      if (choice.path("index").asInt(0) == 0) {
        readChoice(choice, said);
      }
    }
    return said;
  }

  /* Some servers count as they go; the latest count is that of the whole. */
  private void readUsage(JsonNode counts) {
    if (!counts.isObject()) {
      return;
    }
    JsonNode cached = counts.path("prompt_tokens_details").path("cached_tokens");
    usage =
        new Usage(
            tokens(counts.path("prompt_tokens")),
            tokens(counts.path("completion_tokens")),
            tokens(cached.isNumber() ? cached : counts.path("prompt_cache_hit_tokens")));
  }

  private static long tokens(JsonNode count) {
    return Math.clamp(count.asLong(0), 0, WireNumber.MAX);
  }

  private void readChoice(JsonNode choice, List<ModelEvent> said) {
    // A server that does not stream sends one whole message.
    JsonNode delta = choice.path(choice.path("delta").isObject() ? "delta" : "message");
    String reasoning = text(delta.path("reasoning_content"));
    parts.reasoning(reasoning.isEmpty() ? text(delta.path("reasoning")) : reasoning, said);
    parts.text(text(delta.path("content")), said);
    String refusal = text(delta.path("refusal"));
    refused |= !refusal.isEmpty();
    parts.text(refusal, said);
    for (JsonNode call : delta.path("tool_calls")) {
      parts.call(call, said);
    }
    if (delta.path("function_call").isObject()) {
      parts.onlyCall(delta.path("function_call"), said);
    }
    if (choice.path("finish_reason").isTextual()) {
      finishReason = choice.path("finish_reason").textValue();
    }
  }

  /** A text, also where it comes in pieces. */
  private static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.isTextual() ? content.textValue() : "";
    }
    var text = new StringBuilder();
    for (JsonNode piece : content) {
      text.append(piece.path("text").asText(""));
    }
    return text.toString();
  }

  @Override
  public List<ModelEvent> end() {
    if (finishReason == null) {
      return List.of();
    }
    if (parts.hasNamelessCall()) {
      return List.of(
          VendorErrors.failed("provider_error", "the answer has a tool call without a name", true));
    }
    return List.of(
        reason(finishReason)
            .<ModelEvent>map(reason -> new ModelEvent.Finished(reason, usage))
            .orElseGet(
                () ->
                    VendorErrors.failed(
                        "provider_error", "the server broke off its answer by itself", true)));
  }

  /** Empty if the model did not finish at all. */
  private Optional<FinishReason> reason(String said) {
    return switch (said) {
      case "length", "max_tokens", "model_length" -> Optional.of(FinishReason.MAX_TOKENS);
      case "content_filter" -> Optional.of(FinishReason.CONTENT_FILTER);
      case "refusal" -> Optional.of(FinishReason.REFUSAL);
      // As sent by OpenRouter, vLLM and DeepSeek.
      case "error", "abort", "insufficient_system_resource" -> Optional.empty();
      // "stop", "tool_calls", "function_call", and what else servers call it; some say "stop" with
      // tool calls.
      default ->
          Optional.of(
              parts.hasCalls()
                  ? FinishReason.TOOL_CALLS
                  : refused ? FinishReason.REFUSAL : FinishReason.END);
    };
  }
}
