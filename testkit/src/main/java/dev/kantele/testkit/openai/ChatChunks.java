package dev.kantele.testkit.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.model.scripted.ScriptStep;
import dev.kantele.testkit.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A reply as the events of a chat completion that streams. */
final class ChatChunks {
  /** What is sent next, or waited for. */
  sealed interface Piece {
    /** An event's data. */
    record Data(String json) implements Piece {}

    /** Silence. */
    record Pause(Duration duration) implements Piece {}

    /** The connection closes here. */
    record Cut() implements Piece {}

    /** Nothing more comes, and the connection stays. */
    record Silence() implements Piece {}
  }

  private final String model;
  private final List<Piece> pieces = new ArrayList<>();
  private Usage usage = Usage.NONE;
  private String finish = "stop";
  private int calls;
  private boolean ended;

  private ChatChunks(String model) {
    this.model = model;
  }

  static List<Piece> of(Reply reply, String model) {
    var chunks = new ChatChunks(model);
    reply.steps().forEach(chunks::add);
    if (!chunks.ended) {
      chunks.finish();
    }
    return chunks.pieces;
  }

  private void add(ScriptStep step) {
    switch (step) {
      case ScriptStep.Say(var text, var pacing) -> {
        for (String piece : pacing.pieces().of(text)) {
          delta(node().put("content", piece));
        }
      }
      case ScriptStep.Reason(var text, _, var pacing) -> {
        for (String piece : pacing.pieces().of(text)) {
          delta(node().put("reasoning_content", piece));
        }
      }
      case ScriptStep.Call(var tool, var arguments, _) -> call(tool, arguments.toString());
      case ScriptStep.Malformed(var tool, var arguments, _) -> call(tool, arguments);
      case ScriptStep.Flood(var deltas, var bytes) -> {
        for (int i = 0; i < deltas; i++) {
          delta(node().put("content", "x".repeat(bytes)));
        }
      }
      case ScriptStep.Pause(var duration) -> pieces.add(new Piece.Pause(duration));
      case ScriptStep.Report(var reported) -> usage = reported;
      case ScriptStep.Finish(var reason) -> {
        finish = name(reason);
        finish();
      }
      case ScriptStep.Fail(var failure) -> {
        ObjectNode error = node();
        error.putObject("error").put("message", failure.message()).put("code", failure.code());
        pieces.add(new Piece.Data(error.toString()));
        ended = true;
      }
      case ScriptStep.Drop _ -> {
        pieces.add(new Piece.Cut());
        ended = true;
      }
      case ScriptStep.Never _ -> {
        pieces.add(new Piece.Silence());
        ended = true;
      }
    }
  }

  private void call(String tool, String arguments) {
    finish = "tool_calls";
    int index = calls++;
    ObjectNode first =
        node().put("index", index).put("id", "call_" + index).put("type", "function");
    first.putObject("function").put("name", tool).put("arguments", "");
    toolCall(first);
    ObjectNode rest = node().put("index", index);
    rest.putObject("function").put("arguments", arguments);
    toolCall(rest);
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
    pieces.add(new Piece.Data(chunk.toString()));
  }

  private void finish() {
    ended = true;
    ObjectNode last = chunk();
    ((ArrayNode) last.path("choices"))
        .addObject()
        .put("index", 0)
        .put("finish_reason", finish)
        .putObject("delta");
    pieces.add(new Piece.Data(last.toString()));
    ObjectNode counted = chunk();
    ObjectNode counts =
        counted
            .putObject("usage")
            .put("prompt_tokens", usage.inputTokens())
            .put("completion_tokens", usage.outputTokens());
    counts.put("total_tokens", usage.inputTokens() + usage.outputTokens());
    counts.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
    pieces.add(new Piece.Data(counted.toString()));
    pieces.add(new Piece.Data("[DONE]"));
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

  private static ObjectNode node() {
    return WireMapper.json().createObjectNode();
  }
}
