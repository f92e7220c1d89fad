package dev.kantele.runtime.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.AnswerJson;
import dev.kantele.runtime.model.http.AnswerReader;
import dev.kantele.runtime.model.http.ServerSentEvent;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Understands an answer: {@code message_start}, blocks, {@code message_delta}, {@code
 * message_stop}. Events, blocks and deltas of other types are passed over, since Anthropic adds
 * some as it likes; but without {@code message_stop} an answer is not whole.
 */
final class MessagesReader implements AnswerReader {
  /** A block that has begun. */
  private static final class Block {
    private final String type;

    /** The part that it is; -1 until something is in it. */
    private int part = -1;

    private final StringBuilder signature = new StringBuilder();

    private boolean argued;

    Block(String type) {
      this.type = type;
    }
  }

  private final VendorErrors errors;
  private final Map<Integer, Block> blocks = new HashMap<>();
  private int parts;
  private boolean called;
  private @Nullable String stopReason;
  private long inputTokens;
  private long outputTokens;
  private long cacheWriteTokens;
  private long cacheReadTokens;

  MessagesReader(VendorErrors errors) {
    this.errors = errors;
  }

  @Override
  public List<ModelEvent> read(ServerSentEvent event) {
    Optional<JsonNode> json = AnswerJson.read(event.data());
    if (json.isEmpty()) {
      return List.of(
          VendorErrors.failed("provider_error", "the answer has an event that is no JSON", true));
    }
    return read(json.get());
  }

  private List<ModelEvent> read(JsonNode event) {
    return switch (event.path("type").asText()) {
      case "message_start" -> {
        count(event.path("message").path("usage"));
        yield List.of();
      }
      case "content_block_start" -> begin(event.path("index").asInt(), event.path("content_block"));
      case "content_block_delta" -> {
        Block block = blocks.get(event.path("index").asInt());
        yield block == null ? List.of() : goOn(block, event.path("delta"));
      }
      case "content_block_stop" -> {
        Block block = blocks.remove(event.path("index").asInt());
        yield block == null ? List.of() : end(block);
      }
      case "message_delta" -> {
        count(event.path("usage"));
        stopReason = event.path("delta").path("stop_reason").asText(stopReason);
        yield List.of();
      }
      case "message_stop" -> List.of(finish());
      case "error" -> List.of(broken(event));
      default -> List.of();
    };
  }

  /* Counts are of the whole answer so far, and those that are not there are as before. */
  private void count(JsonNode usage) {
    inputTokens = tokens(usage, "input_tokens", inputTokens);
    outputTokens = tokens(usage, "output_tokens", outputTokens);
    cacheWriteTokens = tokens(usage, "cache_creation_input_tokens", cacheWriteTokens);
    cacheReadTokens = tokens(usage, "cache_read_input_tokens", cacheReadTokens);
  }

  private static long tokens(JsonNode usage, String field, long before) {
    return Math.clamp(usage.path(field).asLong(before), 0, WireNumber.MAX / 4);
  }

  /* Anthropic's input is only what was neither read from its cache nor written to it. */
  private Usage usage() {
    return new Usage(
        inputTokens + cacheWriteTokens + cacheReadTokens, outputTokens, cacheReadTokens);
  }

  private List<ModelEvent> begin(int index, JsonNode content) {
    var block = new Block(content.path("type").asText());
    blocks.put(index, block);
    return switch (block.type) {
      case "tool_use" -> {
        block.part = parts++;
        called = true;
        var started = new ModelEvent.ToolCallStarted(block.part, content.path("name").asText());
        JsonNode input = content.path("input");
        if (!input.isObject() || input.isEmpty()) {
          yield List.of(started);
        }
        block.argued = true;
        yield List.of(started, new ModelEvent.ToolCallDelta(block.part, input.toString()));
      }
      case "redacted_thinking" -> {
        block.part = parts++;
        yield List.of(
            new ModelEvent.ReasoningSigned(
                block.part, ThinkingBlocks.redacted(content.path("data").asText())));
      }
      case "text" -> text(block, content.path("text").asText(""));
      case "thinking" -> {
        block.signature.append(content.path("signature").asText(""));
        yield thinking(block, content.path("thinking").asText(""));
      }
      default -> List.of();
    };
  }

  private List<ModelEvent> goOn(Block block, JsonNode delta) {
    return switch (delta.path("type").asText()) {
      case "text_delta" -> text(block, delta.path("text").asText(""));
      case "thinking_delta" -> thinking(block, delta.path("thinking").asText(""));
      case "signature_delta" -> {
        block.signature.append(delta.path("signature").asText(""));
        yield List.of();
      }
      case "input_json_delta" -> arguments(block, delta.path("partial_json").asText(""));
      default -> List.of();
    };
  }

  private List<ModelEvent> text(Block block, String text) {
    return text.isEmpty() || !block.type.equals("text")
        ? List.of()
        : List.of(new ModelEvent.TextDelta(partOf(block), text));
  }

  private List<ModelEvent> thinking(Block block, String text) {
    return text.isEmpty() || !block.type.equals("thinking")
        ? List.of()
        : List.of(new ModelEvent.ReasoningDelta(partOf(block), text));
  }

  private List<ModelEvent> arguments(Block block, String json) {
    if (json.isEmpty() || block.argued || !block.type.equals("tool_use")) {
      return List.of();
    }
    return List.of(new ModelEvent.ToolCallDelta(block.part, json));
  }

  private List<ModelEvent> end(Block block) {
    return block.signature.isEmpty() || !block.type.equals("thinking")
        ? List.of()
        : List.of(
            new ModelEvent.ReasoningSigned(
                partOf(block), ThinkingBlocks.signature(block.signature.toString())));
  }

  private int partOf(Block block) {
    if (block.part < 0) {
      block.part = parts++;
    }
    return block.part;
  }

  private ModelEvent finish() {
    if (stopReason == null) {
      return VendorErrors.failed("incomplete", "the answer ended without a stop reason", true);
    }
    return switch (stopReason) {
      case "max_tokens", "model_context_window_exceeded" -> finished(FinishReason.MAX_TOKENS);
      case "refusal" -> finished(FinishReason.REFUSAL);
      // Of tools that Anthropic runs, of which the node asks for none: the rest is still to come.
      case "pause_turn" ->
          VendorErrors.failed("incomplete", "the answer was paused before its end", true);
      // "end_turn", "stop_sequence", "tool_use", and what there may be.
      default -> finished(called ? FinishReason.TOOL_CALLS : FinishReason.END);
    };
  }

  private ModelEvent finished(FinishReason reason) {
    return new ModelEvent.Finished(reason, usage());
  }

  private ModelEvent broken(JsonNode event) {
    ModelEvent.Failed failed = errors.inStream(event);
    return usage().equals(Usage.NONE)
        ? failed
        : new ModelEvent.Failed(failed.failure(), failed.retryAfter(), Optional.of(usage()));
  }

  @Override
  public List<ModelEvent> end() {
    return List.of();
  }
}
