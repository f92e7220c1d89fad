package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.testkit.Reply;
import java.util.List;
import java.util.Optional;

/**
 * OpenAI's Responses that stream, as in its <a
 * href="https://platform.openai.com/docs/api-reference/responses-streaming">reference</a>. Errors,
 * and the list of models, are those of chat completions.
 */
final class ResponsesWire implements Wire {
  private final ChatWire chat = new ChatWire();
  private final String basePath;

  ResponsesWire(String basePath) {
    this.basePath = basePath;
  }

  @Override
  public String basePath() {
    return basePath;
  }

  @Override
  public List<Piece> pieces(Reply reply, FakeRequest request) {
    return new Events(request.body().path("model").asText("test")).write(reply);
  }

  @Override
  public List<Piece.Data> noise() {
    return List.of(
        new Piece.Data(": keep-alive\n\n".getBytes(UTF_8)),
        event("response.in_progress", "\"response\":{\"status\":\"in_progress\",\"error\":null}"),
        event(
            "response.output_text.delta",
            "\"output_index\":900,\"content_index\":0,\"delta\":\"\""),
        event("response.function_call_arguments.delta", "\"output_index\":901,\"delta\":\"\""),
        event("response.reasoning_summary_text.delta", "\"output_index\":902,\"delta\":\"\""),
        event("response.web_search_call.searching", "\"output_index\":903,\"item_id\":\"ws_1\""),
        event("response.something.new", "\"novelty\":{\"a\":[1]}"));
  }

  private static Piece.Data event(String type, String fields) {
    return Piece.event(type, "{\"type\":\"%s\",%s}".formatted(type, fields));
  }

  @Override
  public Optional<Refused> refused(VendorError error, String message) {
    return chat.refused(error, message);
  }

  @Override
  public String listing(FakeRequest request) {
    return chat.listing(request);
  }

  /** One reply. */
  private static final class Events extends ReplyWriter {
    private enum Open {
      NOTHING,
      TEXT,
      REASONING
    }

    private final String model;
    private final ArrayNode output = node().putArray("output");
    private final StringBuilder said = new StringBuilder();
    private Open open = Open.NOTHING;
    private int index;
    private int sequence;

    Events(String model) {
      this.model = model;
    }

    @Override
    protected void begin(Usage used) {
      event("response.created").set("response", response("in_progress"));
      sent();
    }

    private ObjectNode next = node();

    /* The next event; sent() sends it. */
    private ObjectNode event(String type) {
      next = node().put("type", type).put("sequence_number", sequence++);
      return next;
    }

    private void sent() {
      send(Piece.event(next.path("type").asText(), next.toString()));
    }

    private ObjectNode response(String status) {
      ObjectNode response =
          node()
              .put("id", "resp_test")
              .put("object", "response")
              .put("status", status)
              .put("model", model)
              .putNull("error")
              .putNull("incomplete_details");
      response.set("output", output.deepCopy());
      return response;
    }

    @Override
    protected void text(String piece) {
      open(Open.TEXT);
      said.append(piece);
      event("response.output_text.delta")
          .put("item_id", "msg_" + index)
          .put("output_index", index)
          .put("content_index", 0)
          .put("delta", piece);
      sent();
    }

    @Override
    protected void reasoning(String piece) {
      open(Open.REASONING);
      said.append(piece);
      event("response.reasoning_summary_text.delta")
          .put("item_id", "rs_" + index)
          .put("output_index", index)
          .put("summary_index", 0)
          .put("delta", piece);
      sent();
    }

    @Override
    protected void signature(String signature) {
      open(Open.REASONING);
      closeReasoning(signature);
    }

    private void open(Open wanted) {
      if (open == wanted) {
        return;
      }
      close();
      open = wanted;
      item(
          "response.output_item.added",
          wanted == Open.TEXT
              ? node().put("id", "msg_" + index).put("type", "message").put("role", "assistant")
              : node().put("id", "rs_" + index).put("type", "reasoning"));
    }

    private void item(String type, ObjectNode item) {
      event(type).put("output_index", index).set("item", item);
      sent();
    }

    private void close() {
      switch (open) {
        case NOTHING -> {}
        case TEXT -> {
          ObjectNode message =
              node().put("id", "msg_" + index).put("type", "message").put("role", "assistant");
          message
              .putArray("content")
              .addObject()
              .put("type", "output_text")
              .put("text", said.toString())
              .putArray("annotations");
          done(message);
        }
        case REASONING -> closeReasoning("");
      }
    }

    private void closeReasoning(String encrypted) {
      ObjectNode reasoning = node().put("id", "rs_" + index).put("type", "reasoning");
      reasoning
          .putArray("summary")
          .addObject()
          .put("type", "summary_text")
          .put("text", said.toString());
      if (!encrypted.isEmpty()) {
        reasoning.put("encrypted_content", encrypted);
      }
      done(reasoning);
    }

    private void done(ObjectNode item) {
      item("response.output_item.done", item);
      output.add(item);
      said.setLength(0);
      open = Open.NOTHING;
      index++;
    }

    @Override
    protected void call(String tool, String arguments, List<String> pieces) {
      close();
      ObjectNode call =
          node()
              .put("id", "fc_" + index)
              .put("type", "function_call")
              .put("call_id", "call_" + index)
              .put("name", tool);
      item("response.output_item.added", call.deepCopy().put("arguments", ""));
      for (String piece : pieces) {
        event("response.function_call_arguments.delta")
            .put("item_id", "fc_" + index)
            .put("output_index", index)
            .put("delta", piece);
        sent();
      }
      event("response.function_call_arguments.done")
          .put("item_id", "fc_" + index)
          .put("output_index", index)
          .put("arguments", arguments);
      sent();
      done(call.put("arguments", arguments));
    }

    @Override
    protected void finish(FinishReason reason, Usage used) {
      close();
      if (reason == FinishReason.REFUSAL) {
        event("response.refusal.delta")
            .put("output_index", index)
            .put("content_index", 0)
            .put("delta", "I can't.");
        sent();
      }
      boolean whole = reason != FinishReason.MAX_TOKENS && reason != FinishReason.CONTENT_FILTER;
      ObjectNode response = response(whole ? "completed" : "incomplete");
      if (!whole) {
        response
            .putObject("incomplete_details")
            .put(
                "reason",
                reason == FinishReason.MAX_TOKENS ? "max_output_tokens" : "content_filter");
      }
      ObjectNode usage = response.putObject("usage").put("input_tokens", used.inputTokens());
      usage.putObject("input_tokens_details").put("cached_tokens", used.cachedTokens());
      usage.put("output_tokens", used.outputTokens());
      usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
      usage.put("total_tokens", used.totalTokens());
      event(whole ? "response.completed" : "response.incomplete").set("response", response);
      sent();
    }

    @Override
    protected void fail(Failure failure) {
      event("error").put("code", failure.code()).put("message", failure.message()).putNull("param");
      sent();
    }
  }
}
