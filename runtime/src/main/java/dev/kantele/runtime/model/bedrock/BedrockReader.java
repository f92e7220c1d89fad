package dev.kantele.runtime.model.bedrock;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ReasoningContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/**
 * Understands an answer: blocks with their deltas, why it stopped, and at last what it cost. Events
 * that no one expects are passed over. Confined to its call.
 */
final class BedrockReader {
  /** Before a signature that is reasoning which the vendor hides. */
  static final String REDACTED = "redacted:";

  /** The part of each block, by the vendor's index. */
  private final Map<Integer, Integer> parts = new HashMap<>();

  private @Nullable FinishReason reason;

  /** What {@code event} says; the last answer ends with the count of its tokens. */
  List<ModelEvent> read(ConverseStreamOutput event) {
    var said = new ArrayList<ModelEvent>();
    switch (event) {
      case ContentBlockStartEvent start -> {
        if (start.start() != null && start.start().toolUse() != null) {
          said.add(
              new ModelEvent.ToolCallStarted(
                  part(start.contentBlockIndex()), start.start().toolUse().name()));
        }
      }
      case ContentBlockDeltaEvent delta -> delta(delta, said);
      case MessageStopEvent stop -> reason = reason(stop.stopReason());
      case ConverseStreamMetadataEvent metadata -> {
        if (reason != null) {
          said.add(new ModelEvent.Finished(reason, usage(metadata.usage())));
        }
      }
      default -> {}
    }
    return said;
  }

  /** What is left to say when no further event comes; empty if the answer was cut off. */
  List<ModelEvent> end() {
    return reason == null ? List.of() : List.of(new ModelEvent.Finished(reason, Usage.NONE));
  }

  private void delta(ContentBlockDeltaEvent event, List<ModelEvent> said) {
    @Nullable Integer index = event.contentBlockIndex();
    if (event.delta() == null) {
      return;
    }
    @Nullable String text = event.delta().text();
    if (text != null && !text.isEmpty()) {
      said.add(new ModelEvent.TextDelta(part(index), text));
    }
    if (event.delta().toolUse() != null) {
      @Nullable String input = event.delta().toolUse().input();
      if (input != null && !input.isEmpty()) {
        said.add(new ModelEvent.ToolCallDelta(part(index), input));
      }
    }
    if (event.delta().reasoningContent() != null) {
      reasoning(event.delta().reasoningContent(), index, said);
    }
  }

  private void reasoning(
      ReasoningContentBlockDelta delta, @Nullable Integer index, List<ModelEvent> said) {
    @Nullable String text = delta.text();
    if (text != null && !text.isEmpty()) {
      said.add(new ModelEvent.ReasoningDelta(part(index), text));
    }
    @Nullable String signature = delta.signature();
    if (signature != null && !signature.isEmpty()) {
      said.add(signed(index, signature));
    }
    if (delta.redactedContent() != null) {
      byte[] hidden = delta.redactedContent().asByteArray();
      said.add(signed(index, REDACTED + Base64.getEncoder().encodeToString(hidden)));
    }
  }

  private ModelEvent signed(@Nullable Integer index, String signature) {
    return new ModelEvent.ReasoningSigned(
        part(index), Signature.of(BedrockProviderFactory.NAME, signature));
  }

  private int part(@Nullable Integer index) {
    return parts.computeIfAbsent(index == null ? 0 : index, _ -> parts.size());
  }

  private static FinishReason reason(@Nullable StopReason reason) {
    return switch (reason == null ? StopReason.UNKNOWN_TO_SDK_VERSION : reason) {
      case TOOL_USE -> FinishReason.TOOL_CALLS;
      case MAX_TOKENS -> FinishReason.MAX_TOKENS;
      case GUARDRAIL_INTERVENED, CONTENT_FILTERED -> FinishReason.CONTENT_FILTER;
      default ->
          // The SDK may be older than the vendor's words.
          FinishReason.END;
    };
  }

  /* The vendor counts what its cache had beside the input. */
  private static Usage usage(@Nullable TokenUsage counts) {
    if (counts == null) {
      return Usage.NONE;
    }
    long cached = tokens(counts.cacheReadInputTokens());
    return new Usage(
        tokens(counts.inputTokens()) + cached + tokens(counts.cacheWriteInputTokens()),
        tokens(counts.outputTokens()),
        cached);
  }

  private static long tokens(@Nullable Integer count) {
    return count == null ? 0 : Math.clamp(count, 0, WireNumber.MAX);
  }
}
