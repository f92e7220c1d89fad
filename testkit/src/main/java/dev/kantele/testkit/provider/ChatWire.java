package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * Chat completions that stream, as in OpenAI's <a
 * href="https://platform.openai.com/docs/api-reference/chat-streaming">reference</a>; reasoning as
 * in that of <a href="https://api-docs.deepseek.com/guides/reasoning_model">DeepSeek</a>.
 */
final class ChatWire implements Wire {
  @Override
  public String basePath() {
    return "/v1";
  }

  @Override
  public List<Piece> pieces(Reply reply, FakeRequest request) {
    return new Chunks(request.body().path("model").asText("test")).write(reply);
  }

  @Override
  public List<Piece.Data> noise() {
    return List.of(
        new Piece.Data(": keep-alive\n\n".getBytes(UTF_8)),
        Piece.event("{\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}"),
        Piece.event(
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":null}]}"),
        Piece.event("{\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null}]}"),
        Piece.event("{\"object\":\"something.new\",\"novelty\":{\"a\":[1]}}"));
  }

  @Override
  public Optional<Refused> refused(VendorError error, String message) {
    return Optional.of(
        switch (error) {
          case RATE_LIMIT -> refused(429, "tokens", "rate_limit_exceeded", message);
          case OVERLOADED -> refused(503, "server_error", "overloaded", message);
          case INTERNAL -> refused(500, "server_error", "", message);
          case UNAUTHENTICATED -> refused(401, "invalid_request_error", "invalid_api_key", message);
          case FORBIDDEN -> refused(403, "invalid_request_error", "unsupported_country", message);
          case QUOTA -> refused(429, "insufficient_quota", "insufficient_quota", message);
          case CONTEXT_TOO_LONG ->
              refused(400, "invalid_request_error", "context_length_exceeded", message);
          case CONTENT_FILTER ->
              refused(400, "invalid_request_error", "content_policy_violation", message);
          case BAD_REQUEST -> refused(400, "invalid_request_error", "", message);
          case NOT_FOUND -> refused(404, "invalid_request_error", "model_not_found", message);
        });
  }

  private static Refused refused(int status, String type, String code, String message) {
    ObjectNode body = WireMapper.json().createObjectNode();
    body.putObject("error").put("message", message).put("type", type).put("code", code);
    return new Refused(status, body.toString());
  }

  @Override
  public String listing(FakeRequest request) {
    return "{\"object\":\"list\",\"data\":[{\"id\":\"test\",\"object\":\"model\"}]}";
  }

  /** One reply. */
  private static final class Chunks extends ReplyWriter {
    private final String model;
    private int calls;

    Chunks(String model) {
      this.model = model;
    }

    @Override
    protected void text(String piece) {
      delta(node().put("content", piece));
    }

    @Override
    protected void reasoning(String piece) {
      delta(node().put("reasoning_content", piece));
    }

    @Override
    protected void call(String tool, String arguments, List<String> pieces) {
      int index = calls++;
      ObjectNode first =
          node().put("index", index).put("id", "call_" + index).put("type", "function");
      first.putObject("function").put("name", tool).put("arguments", "");
      toolCall(first);
      for (String piece : pieces) {
        ObjectNode rest = node().put("index", index);
        rest.putObject("function").put("arguments", piece);
        toolCall(rest);
      }
    }

    private void toolCall(ObjectNode call) {
      ObjectNode delta = node();
      delta.putArray("tool_calls").add(call);
      delta(delta);
    }

    private void delta(ObjectNode delta) {
      ObjectNode chunk = chunk();
      ((ArrayNode) chunk.path("choices"))
          .addObject()
          .put("index", 0)
          .putNull("finish_reason")
          .set("delta", delta);
      send(Piece.event(chunk.toString()));
    }

    @Override
    protected void finish(FinishReason reason, Usage used) {
      ObjectNode last = chunk();
      ((ArrayNode) last.path("choices"))
          .addObject()
          .put("index", 0)
          .put("finish_reason", name(reason))
          .putObject("delta");
      send(Piece.event(last.toString()));
      ObjectNode counted = chunk();
      ObjectNode counts =
          counted
              .putObject("usage")
              .put("prompt_tokens", used.inputTokens())
              .put("completion_tokens", used.outputTokens());
      counts.put("total_tokens", used.totalTokens());
      counts.putObject("prompt_tokens_details").put("cached_tokens", used.cachedTokens());
      send(Piece.event(counted.toString()));
      send(Piece.event("[DONE]"));
    }

    @Override
    protected void fail(Failure failure) {
      ObjectNode error = node();
      error.putObject("error").put("message", failure.message()).put("code", failure.code());
      send(Piece.event(error.toString()));
    }

    private ObjectNode chunk() {
      ObjectNode chunk =
          node()
              .put("id", "chatcmpl-test")
              .put("object", "chat.completion.chunk")
              .put("created", 0)
              .put("model", model);
      chunk.putArray("choices");
      return chunk;
    }

    private static String name(FinishReason reason) {
      return switch (reason) {
        case END -> "stop";
        case TOOL_CALLS -> "tool_calls";
        case MAX_TOKENS -> "length";
        case REFUSAL -> "refusal";
        case CONTENT_FILTER -> "content_filter";
      };
    }
  }
}
