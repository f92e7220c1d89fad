package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.testkit.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Ollama's chat, as in its <a
 * href="https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion">reference</a>:
 * a JSON object a line.
 */
final class OllamaWire implements Wire {
  @Override
  public String basePath() {
    return "";
  }

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public List<Piece> pieces(Reply reply, FakeRequest request) {
    return new Lines(request.body().path("model").asText("test")).write(reply);
  }

  @Override
  public List<Piece.Data> noise() {
    return List.of(
        new Piece.Data("\n".getBytes(UTF_8)),
        line("{\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":false}"),
        line("{\"message\":{\"thinking\":\"\",\"tool_calls\":[]},\"done\":false}"),
        line("{\"novelty\":{\"a\":[1]}}"));
  }

  private static Piece.Data line(String json) {
    return new Piece.Data((json + "\n").getBytes(UTF_8));
  }

  @Override
  public Optional<Refused> refused(VendorError error, String message) {
    return switch (error) {
      case RATE_LIMIT -> refused(429, message);
      case OVERLOADED -> refused(503, "server busy, please try again. " + message);
      case INTERNAL -> refused(500, message);
      case UNAUTHENTICATED -> refused(401, message);
      case FORBIDDEN -> refused(403, message);
      case QUOTA -> refused(402, message);
      case CONTEXT_TOO_LONG -> refused(400, "the input exceeds the context length. " + message);
      case BAD_REQUEST -> refused(400, message);
      case NOT_FOUND -> refused(404, "model 'test' not found. " + message);
      case CONTENT_FILTER -> Optional.empty();
    };
  }

  private static Optional<Refused> refused(int status, String message) {
    ObjectNode body = WireMapper.json().createObjectNode().put("error", message);
    return Optional.of(new Refused(status, body.toString()));
  }

  @Override
  public String listing(FakeRequest request) {
    return "{\"models\":[{\"name\":\"test\",\"model\":\"test\"}]}";
  }

  /** One reply. */
  private static final class Lines extends ReplyWriter {
    private final String model;

    Lines(String model) {
      this.model = model;
    }

    @Override
    protected void text(String piece) {
      message(node().put("role", "assistant").put("content", piece));
    }

    @Override
    protected void reasoning(String piece) {
      message(node().put("role", "assistant").put("content", "").put("thinking", piece));
    }

    /* Whole, and the arguments as an object. */
    @Override
    protected void call(String tool, String arguments, List<String> pieces) {
      ObjectNode message = node().put("role", "assistant").put("content", "");
      message
          .putArray("tool_calls")
          .addObject()
          .putObject("function")
          .put("name", tool)
          .set("arguments", json(arguments));
      message(message);
    }

    private static JsonNode json(String arguments) {
      try {
        return WireMapper.json().readTree(arguments);
      } catch (JsonProcessingException _) {
        return node().textNode(arguments);
      }
    }

    private void message(ObjectNode message) {
      ObjectNode line = begun();
      line.set("message", message);
      send(line(line.put("done", false).toString()));
    }

    @Override
    protected void finish(FinishReason reason, Usage used) {
      ObjectNode line = begun();
      line.putObject("message").put("role", "assistant").put("content", "");
      line.put("done", true)
          .put("done_reason", reason == FinishReason.MAX_TOKENS ? "length" : "stop")
          .put("total_duration", 4_883_583_458L)
          .put("load_duration", 1_334_875)
          .put("prompt_eval_count", used.inputTokens())
          .put("prompt_eval_duration", 342_546_000)
          .put("eval_count", used.outputTokens())
          .put("eval_duration", 4_535_599_000L);
      send(line(line.toString()));
    }

    @Override
    protected void fail(Failure failure) {
      send(line(node().put("error", failure.message()).toString()));
    }

    private ObjectNode begun() {
      return node().put("model", model).put("created_at", "2023-08-04T08:52:19.385406455-07:00");
    }
  }
}
