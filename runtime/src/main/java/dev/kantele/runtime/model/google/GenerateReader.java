package dev.kantele.runtime.model.google;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.Signature;
import dev.kantele.runtime.model.http.AnswerJson;
import dev.kantele.runtime.model.http.AnswerReader;
import dev.kantele.runtime.model.http.ServerSentEvent;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Understands an answer: chunks, of which the last has a finish reason; nothing else marks the end.
 * The signature of a thought is told with it; that of a tool call or a text as a part of its own,
 * before the call or after the text, for {@link GenerateContents} to put back where it was.
 */
final class GenerateReader implements AnswerReader {
  private enum Kind {
    TEXT,
    THOUGHT,
    OTHER
  }

  private final VendorErrors errors;
  private int parts;
  private Kind kind = Kind.OTHER;
  private boolean called;
  private @Nullable String finishReason;
  private boolean blocked;
  private Usage usage = Usage.NONE;

  GenerateReader(VendorErrors errors) {
    this.errors = errors;
  }

  @Override
  public List<ModelEvent> read(ServerSentEvent event) {
    Optional<JsonNode> chunk = AnswerJson.read(event.data());
    if (chunk.isEmpty()) {
      return List.of(
          VendorErrors.failed("provider_error", "the answer has an event that is no JSON", true));
    }
    if (chunk.get().hasNonNull("error")) {
      return List.of(errors.inStream(chunk.get()));
    }
    return read(chunk.get());
  }

  private List<ModelEvent> read(JsonNode chunk) {
    count(chunk.path("usageMetadata"));
    blocked |= chunk.path("promptFeedback").hasNonNull("blockReason");
    var said = new ArrayList<ModelEvent>();
    JsonNode candidate = chunk.path("candidates").path(0);
    for (JsonNode part : candidate.path("content").path("parts")) {
      read(part, said);
    }
    finishReason = candidate.path("finishReason").asText(finishReason);
    return said;
  }

  /* Each count is of the whole so far. What is thought is not in the candidates' count. */
  private void count(JsonNode counts) {
    if (counts.isObject()) {
      usage =
          new Usage(
              tokens(counts, "promptTokenCount") + tokens(counts, "toolUsePromptTokenCount"),
              tokens(counts, "candidatesTokenCount") + tokens(counts, "thoughtsTokenCount"),
              tokens(counts, "cachedContentTokenCount"));
    }
  }

  private static long tokens(JsonNode counts, String field) {
    return Math.clamp(counts.path(field).asLong(0), 0, WireNumber.MAX / 4);
  }

  private void read(JsonNode part, List<ModelEvent> said) {
    String signature = part.path("thoughtSignature").asText("");
    JsonNode call = part.path("functionCall");
    String text = part.path("text").asText("");
    if (call.isObject()) {
      sign(signature, said);
      int at = begin(Kind.OTHER);
      called = true;
      said.add(new ModelEvent.ToolCallStarted(at, call.path("name").asText()));
      JsonNode arguments = call.path("args");
      said.add(
          new ModelEvent.ToolCallDelta(at, arguments.isObject() ? arguments.toString() : "{}"));
    } else if (part.path("thought").asBoolean()) {
      if (!text.isEmpty()) {
        said.add(new ModelEvent.ReasoningDelta(partOf(Kind.THOUGHT), text));
      }
      if (!signature.isEmpty()) {
        said.add(new ModelEvent.ReasoningSigned(partOf(Kind.THOUGHT), kept(signature)));
        kind = Kind.OTHER;
      }
    } else {
      if (!text.isEmpty()) {
        said.add(new ModelEvent.TextDelta(partOf(Kind.TEXT), text));
      }
      sign(signature, said);
    }
  }

  private void sign(String signature, List<ModelEvent> said) {
    if (!signature.isEmpty()) {
      said.add(new ModelEvent.ReasoningSigned(begin(Kind.OTHER), kept(signature)));
    }
  }

  private static String kept(String signature) {
    return Signature.of(GoogleProvider.NAME, signature);
  }

  private int partOf(Kind wanted) {
    return kind == wanted ? parts - 1 : begin(wanted);
  }

  private int begin(Kind begun) {
    kind = begun;
    return parts++;
  }

  @Override
  public List<ModelEvent> end() {
    if (finishReason == null) {
      // A prompt that is blocked has no candidate, and so no finish reason.
      return blocked ? List.of(finished(FinishReason.CONTENT_FILTER)) : List.of();
    }
    return List.of(
        switch (finishReason) {
          case "MAX_TOKENS" -> finished(FinishReason.MAX_TOKENS);
          case "SAFETY",
              "RECITATION",
              "LANGUAGE",
              "BLOCKLIST",
              "PROHIBITED_CONTENT",
              "SPII",
              "IMAGE_SAFETY",
              "IMAGE_PROHIBITED_CONTENT",
              "IMAGE_RECITATION" ->
              finished(FinishReason.CONTENT_FILTER);
          case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE" ->
              VendorErrors.failed(
                  "provider_error", "the model made a tool call that can't be read", true);
          case "OTHER", "FINISH_REASON_UNSPECIFIED" ->
              VendorErrors.failed(
                  "provider_error", "the server broke off its answer by itself", true);
          default -> finished(called ? FinishReason.TOOL_CALLS : FinishReason.END);
        });
  }

  private ModelEvent finished(FinishReason reason) {
    return new ModelEvent.Finished(reason, usage);
  }
}
