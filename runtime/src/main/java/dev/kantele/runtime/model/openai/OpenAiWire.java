package dev.kantele.runtime.model.openai;

import java.util.Optional;

/** Which of OpenAI's two ways to call a model is spoken. */
enum OpenAiWire {
  /** Chat completions, which many other servers speak too. */
  CHAT("/chat/completions"),
  /** Responses, which gives reasoning back in a form that the next call can go on from. */
  RESPONSES("/responses");

  /** What the setting may be, in words. */
  static final String EXPECTED = "auto, chat or responses";

  private final String path;

  OpenAiWire(String path) {
    this.path = path;
  }

  /** What follows {@code /v1}. */
  String path() {
    return path;
  }

  /** Reads the setting; empty if it is none of them. */
  static Optional<OpenAiWire> of(String setting, OpenAiWire auto) {
    return switch (setting) {
      case "auto" -> Optional.of(auto);
      case "chat" -> Optional.of(CHAT);
      case "responses" -> Optional.of(RESPONSES);
      default -> Optional.empty();
    };
  }
}
