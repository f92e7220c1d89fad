package dev.kantele.testkit.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.testkit.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Google's Gemini API, as in its <a href="https://ai.google.dev/api/generate-content">reference</a>
 * and its guide to <a href="https://ai.google.dev/gemini-api/docs/troubleshooting">errors</a>.
 */
final class GeminiWire implements Wire {
  @Override
  public String basePath() {
    return "";
  }

  @Override
  public List<Piece> pieces(Reply reply, FakeRequest request) {
    return new Chunks().write(reply);
  }

  @Override
  public List<Piece.Data> noise() {
    return List.of(
        Piece.event("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"index\":0}]}"),
        Piece.event("{\"candidates\":[],\"novelty\":{\"a\":[1]}}"),
        Piece.event(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"executableCode\":{\"language\":\"PYTHON\"}}],\"role\":\"model\"},\"safetyRatings\":[]}]}"));
  }

  @Override
  public Optional<Refused> refused(VendorError error, String message) {
    return switch (error) {
      case RATE_LIMIT ->
          Optional.of(
              refused(
                  429,
                  "RESOURCE_EXHAUSTED",
                  "You exceeded your current quota, please check your plan and billing details. "
                      + message));
      case OVERLOADED ->
          Optional.of(refused(503, "UNAVAILABLE", "The model is overloaded. " + message));
      case INTERNAL -> Optional.of(refused(500, "INTERNAL", message));
      case UNAUTHENTICATED ->
          Optional.of(
              refused(
                  400,
                  "INVALID_ARGUMENT",
                  "API key not valid. Please pass a valid API key. " + message));
      case FORBIDDEN -> Optional.of(refused(403, "PERMISSION_DENIED", message));
      case QUOTA ->
          Optional.of(
              refused(
                  429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted. " + message));
      case CONTEXT_TOO_LONG ->
          Optional.of(
              refused(
                  400,
                  "INVALID_ARGUMENT",
                  "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576). "
                      + message));
      // Google answers with a reason for the end.
      case CONTENT_FILTER -> Optional.empty();
      case BAD_REQUEST -> Optional.of(refused(400, "INVALID_ARGUMENT", message));
      case NOT_FOUND -> Optional.of(refused(404, "NOT_FOUND", message));
    };
  }

  private static Refused refused(int status, String word, String message) {
    ObjectNode body = WireMapper.json().createObjectNode();
    body.putObject("error").put("code", status).put("message", message).put("status", word);
    return new Refused(status, body.toString());
  }

  @Override
  public String listing(FakeRequest request) {
    return "{\"models\":[{\"name\":\"models/test\"}]}";
  }

  /** One reply. */
  private static final class Chunks extends ReplyWriter {
    @Override
    protected void text(String piece) {
      part(node().put("text", piece));
    }

    @Override
    protected void reasoning(String piece) {
      part(node().put("text", piece).put("thought", true));
    }

    @Override
    protected void signature(String signature) {
      part(node().put("text", "").put("thought", true).put("thoughtSignature", signature));
    }

    @Override
    protected void call(String tool, String arguments, List<String> pieces) {
      ObjectNode part = node();
      ObjectNode call = part.putObject("functionCall").put("name", tool);
      try {
        call.set("args", WireMapper.json().readTree(arguments));
      } catch (JsonProcessingException _) {
        // There is no such call on this wire.
        call.putObject("args");
      }
      part(part);
    }

    private void part(ObjectNode part) {
      ObjectNode chunk = chunk();
      candidate(chunk).putObject("content").put("role", "model").putArray("parts").add(part);
      send(Piece.event(chunk.toString()));
    }

    private static ObjectNode chunk() {
      ObjectNode chunk = node();
      chunk.putArray("candidates").addObject().put("index", 0);
      return chunk.put("modelVersion", "test");
    }

    private static ObjectNode candidate(ObjectNode chunk) {
      return (ObjectNode) ((ArrayNode) chunk.path("candidates")).get(0);
    }

    @Override
    protected void finish(FinishReason reason, Usage used) {
      ObjectNode chunk = chunk();
      candidate(chunk).put("finishReason", name(reason));
      // A part of the output is what was thought.
      long thought = used.outputTokens() / 4;
      chunk
          .putObject("usageMetadata")
          .put("promptTokenCount", used.inputTokens())
          .put("cachedContentTokenCount", used.cachedTokens())
          .put("candidatesTokenCount", used.outputTokens() - thought)
          .put("thoughtsTokenCount", thought)
          .put("totalTokenCount", used.totalTokens());
      send(Piece.event(chunk.toString()));
    }

    @Override
    protected void fail(Failure failure) {
      ObjectNode error = node();
      error
          .putObject("error")
          .put("code", 503)
          .put("message", failure.message())
          .put("status", "UNAVAILABLE");
      send(Piece.event(error.toString()));
    }

    private static String name(FinishReason reason) {
      return switch (reason) {
        case END, TOOL_CALLS -> "STOP";
        case MAX_TOKENS -> "MAX_TOKENS";
        case REFUSAL, CONTENT_FILTER -> "SAFETY";
      };
    }
  }
}
