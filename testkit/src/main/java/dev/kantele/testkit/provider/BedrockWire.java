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
 * Bedrock's ConverseStream, as in its <a
 * href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html">reference</a>:
 * events in messages of {@link EventStreamMessage}.
 */
final class BedrockWire implements Wire {
  @Override
  public String basePath() {
    return "";
  }

  @Override
  public String contentType() {
    return "application/vnd.amazon.eventstream";
  }

  @Override
  public List<Piece> pieces(Reply reply, FakeRequest request) {
    return new Events().write(reply);
  }

  @Override
  public List<Piece.Data> noise() {
    return List.of(
        EventStreamMessage.event("somethingNew", "{\"novelty\":{\"a\":[1]}}"),
        EventStreamMessage.event(
            "contentBlockDelta", "{\"contentBlockIndex\":900,\"delta\":{\"text\":\"\"}}"),
        EventStreamMessage.event("contentBlockDelta", "{\"contentBlockIndex\":901,\"delta\":{}}"),
        EventStreamMessage.event("contentBlockStop", "{\"contentBlockIndex\":900,\"p\":\"abcd\"}"));
  }

  @Override
  public Optional<Refused> refused(VendorError error, String message) {
    return Optional.of(
        switch (error) {
          case RATE_LIMIT -> refused(429, "ThrottlingException", message);
          case OVERLOADED -> refused(503, "ServiceUnavailableException", message);
          case INTERNAL -> refused(500, "InternalServerException", message);
          case UNAUTHENTICATED -> refused(403, "UnrecognizedClientException", message);
          case FORBIDDEN -> refused(403, "AccessDeniedException", message);
          case QUOTA -> refused(400, "ServiceQuotaExceededException", message);
          case CONTEXT_TOO_LONG ->
              refused(
                  400, "ValidationException", "Input is too long for requested model. " + message);
          case CONTENT_FILTER ->
              refused(400, "ValidationException", "Blocked by a content filter. " + message);
          case BAD_REQUEST -> refused(400, "ValidationException", message);
          case NOT_FOUND -> refused(404, "ResourceNotFoundException", message);
        });
  }

  private static Refused refused(int status, String type, String message) {
    ObjectNode body =
        WireMapper.json().createObjectNode().put("__type", type).put("message", message);
    return new Refused(status, body.toString());
  }

  @Override
  public String listing(FakeRequest request) {
    return "{\"modelSummaries\":[{\"modelId\":\"test\"}]}";
  }

  /** One reply. */
  private static final class Events extends ReplyWriter {
    private enum Open {
      NOTHING,
      TEXT,
      REASONING
    }

    private Open open = Open.NOTHING;
    private int index;

    private void event(String type, ObjectNode body) {
      send(EventStreamMessage.event(type, body.toString()));
    }

    @Override
    protected void begin(Usage used) {
      event("messageStart", node().put("role", "assistant"));
    }

    private void open(Open wanted) {
      if (open != wanted) {
        close();
        open = wanted;
      }
    }

    private void close() {
      if (open != Open.NOTHING) {
        stop();
      }
    }

    private void stop() {
      event("contentBlockStop", node().put("contentBlockIndex", index++));
      open = Open.NOTHING;
    }

    private void delta(ObjectNode delta) {
      ObjectNode body = node().put("contentBlockIndex", index);
      body.set("delta", delta);
      event("contentBlockDelta", body);
    }

    @Override
    protected void text(String piece) {
      open(Open.TEXT);
      delta(node().put("text", piece));
    }

    @Override
    protected void reasoning(String piece) {
      open(Open.REASONING);
      ObjectNode delta = node();
      delta.putObject("reasoningContent").put("text", piece);
      delta(delta);
    }

    @Override
    protected void signature(String signature) {
      open(Open.REASONING);
      ObjectNode delta = node();
      delta.putObject("reasoningContent").put("signature", signature);
      delta(delta);
    }

    @Override
    protected void call(String tool, String arguments, List<String> pieces) {
      close();
      ObjectNode start = node().put("contentBlockIndex", index);
      start
          .putObject("start")
          .putObject("toolUse")
          .put("toolUseId", "tooluse_" + index)
          .put("name", tool);
      event("contentBlockStart", start);
      for (String piece : pieces) {
        ObjectNode delta = node();
        delta.putObject("toolUse").put("input", piece);
        delta(delta);
      }
      stop();
    }

    @Override
    protected void finish(FinishReason reason, Usage used) {
      close();
      event("messageStop", node().put("stopReason", name(reason)));
      ObjectNode metadata = node();
      metadata
          .putObject("usage")
          .put("inputTokens", used.inputTokens() - used.cachedTokens())
          .put("outputTokens", used.outputTokens())
          .put("totalTokens", used.totalTokens())
          .put("cacheReadInputTokens", used.cachedTokens())
          .put("cacheWriteInputTokens", 0);
      metadata.putObject("metrics").put("latencyMs", 1);
      event("metadata", metadata);
    }

    @Override
    protected void fail(Failure failure) {
      send(
          EventStreamMessage.exception(
              "modelStreamErrorException", node().put("message", failure.message()).toString()));
    }

    private static String name(FinishReason reason) {
      return switch (reason) {
        case END, REFUSAL -> "end_turn";
        case TOOL_CALLS -> "tool_use";
        case MAX_TOKENS -> "max_tokens";
        case CONTENT_FILTER -> "content_filtered";
      };
    }
  }
}
