package dev.kantele.runtime.model.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Part;
import dev.kantele.runtime.model.Signature;
import java.util.Optional;

/**
 * How blocks of thinking are kept in a transcript, and sent back as they came: a signed one with
 * its text, which may be empty, and a redacted one as nothing but its data.
 */
final class ThinkingBlocks {
  /** No signature has a colon in it. */
  private static final String REDACTED = "redacted:";

  static String signature(String signature) {
    return Signature.of(AnthropicProvider.NAME, signature);
  }

  static String redacted(String data) {
    return Signature.of(AnthropicProvider.NAME, REDACTED + data);
  }

  /** The block; empty if it is not signed by Anthropic, which would refuse it. */
  static Optional<ObjectNode> of(Part.Reasoning reasoning) {
    return reasoning
        .signature()
        .flatMap(kept -> Signature.read(AnthropicProvider.NAME, kept))
        .map(signature -> block(reasoning.text(), signature));
  }

  private static ObjectNode block(String text, String signature) {
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    return signature.startsWith(REDACTED)
        ? block.put("type", "redacted_thinking").put("data", signature.substring(REDACTED.length()))
        : block.put("type", "thinking").put("thinking", text).put("signature", signature);
  }

  private ThinkingBlocks() {}
}
