package dev.kantele.testkit.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.testkit.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Anthropic's Messages API, as in its guides to <a
 * href="https://platform.claude.com/docs/en/build-with-claude/streaming">streaming</a> and to <a
 * href="https://platform.claude.com/docs/en/api/errors">errors</a>.
 */
final class AnthropicWire implements Wire {
  @Override
  public String basePath() {
    return "";
  }

  @Override
  public List<Piece> pieces(Reply reply, FakeRequest request) {
    return new Events(request.body().path("model").asText("test")).write(reply);
  }

  @Override
  public List<Piece.Data> noise() {
    return List.of(
        Piece.event("ping", "{\"type\": \"ping\"}"),
        Piece.event("future_event", "{\"type\":\"future_event\",\"index\":0,\"delta\":{}}"),
        Piece.event(
            "content_block_delta",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\"}}"),
        Piece.event(
            "content_block_delta",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"future_delta\",\"text\":\"no\"}}"),
        Piece.event(
            "content_block_start",
            "{\"type\":\"content_block_start\",\"index\":90,\"content_block\":{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{}}}"),
        Piece.event(
            "content_block_delta",
            "{\"type\":\"content_block_delta\",\"index\":90,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}"),
        Piece.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":90}"));
  }

  @Override
  public Optional<Refused> refused(VendorError error, String message) {
    return Optional.of(
        switch (error) {
          case RATE_LIMIT -> refused(429, "rate_limit_error", message);
          case OVERLOADED -> refused(529, "overloaded_error", message);
          case INTERNAL -> refused(500, "api_error", message);
          case UNAUTHENTICATED -> refused(401, "authentication_error", message);
          case FORBIDDEN -> refused(403, "permission_error", message);
          case QUOTA ->
              refused(
                  400,
                  "invalid_request_error",
                  "Your credit balance is too low to access the Anthropic API. " + message);
          case CONTEXT_TOO_LONG ->
              refused(
                  400,
                  "invalid_request_error",
                  "prompt is too long: 208310 tokens > 200000 maximum. " + message);
          case CONTENT_FILTER ->
              refused(
                  400,
                  "invalid_request_error",
                  "Output blocked by content filtering policy. " + message);
          case BAD_REQUEST -> refused(400, "invalid_request_error", message);
          case NOT_FOUND -> refused(404, "not_found_error", message);
        });
  }

  private static Refused refused(int status, String type, String message) {
    ObjectNode body = WireMapper.json().createObjectNode().put("type", "error");
    body.putObject("error").put("type", type).put("message", message);
    return new Refused(status, body.put("request_id", "req_test").toString());
  }

  @Override
  public String listing(FakeRequest request) {
    return "{\"data\":[{\"id\":\"test\",\"type\":\"model\"}],\"has_more\":false}";
  }

  /** One reply. */
  private static final class Events extends ReplyWriter {
    private final String model;
    private int index = -1;
    private String open = "";

    Events(String model) {
      this.model = model;
    }

    @Override
    protected void begin(Usage used) {
      ObjectNode event = event("message_start");
      ObjectNode message =
          event
              .putObject("message")
              .put("id", "msg_test")
              .put("type", "message")
              .put("role", "assistant")
              .put("model", model)
              .putNull("stop_reason")
              .putNull("stop_sequence");
      message.putArray("content");
      message
          .putObject("usage")
          .put("input_tokens", used.inputTokens() - used.cachedTokens())
          .put("cache_creation_input_tokens", 0)
          .put("cache_read_input_tokens", used.cachedTokens())
          .put("output_tokens", 1);
      send(event);
    }

    @Override
    protected void text(String piece) {
      open("text", node().put("text", ""));
      delta(node().put("type", "text_delta").put("text", piece));
    }

    @Override
    protected void reasoning(String piece) {
      open("thinking", node().put("thinking", "").put("signature", ""));
      delta(node().put("type", "thinking_delta").put("thinking", piece));
    }

    @Override
    protected void signature(String signature) {
      open("thinking", node().put("thinking", "").put("signature", ""));
      delta(node().put("type", "signature_delta").put("signature", signature));
      close();
    }

    @Override
    protected void call(String tool, String arguments, List<String> pieces) {
      close();
      ObjectNode content = node().put("id", "toolu_" + (index + 1)).put("name", tool);
      content.putObject("input");
      open("tool_use", content);
      delta(node().put("type", "input_json_delta").put("partial_json", ""));
      for (String piece : pieces) {
        delta(node().put("type", "input_json_delta").put("partial_json", piece));
      }
      close();
    }

    @Override
    protected void finish(FinishReason reason, Usage used) {
      close();
      ObjectNode event = event("message_delta");
      event.putObject("delta").put("stop_reason", name(reason)).putNull("stop_sequence");
      event.putObject("usage").put("output_tokens", used.outputTokens());
      send(event);
      send(event("message_stop"));
    }

    @Override
    protected void fail(Failure failure) {
      ObjectNode event = event("error");
      event.putObject("error").put("type", failure.code()).put("message", failure.message());
      send(event);
    }

    private void open(String type, ObjectNode content) {
      if (open.equals(type)) {
        return;
      }
      close();
      open = type;
      index++;
      send(
          event("content_block_start")
              .put("index", index)
              .set("content_block", content.put("type", type)));
    }

    private void close() {
      if (!open.isEmpty()) {
        open = "";
        send(event("content_block_stop").put("index", index));
      }
    }

    private void delta(ObjectNode delta) {
      send(event("content_block_delta").put("index", index).set("delta", delta));
    }

    private static ObjectNode event(String type) {
      return node().put("type", type);
    }

    private void send(ObjectNode event) {
      send(Piece.event(event.path("type").asText(), event.toString()));
    }

    private static String name(FinishReason reason) {
      return switch (reason) {
        case END -> "end_turn";
        case TOOL_CALLS -> "tool_use";
        case MAX_TOKENS -> "max_tokens";
        case REFUSAL, CONTENT_FILTER -> "refusal";
      };
    }
  }
}
