package dev.kantele.testkit.provider;

import dev.kantele.testkit.Reply;
import java.util.List;
import java.util.Optional;

/**
 * How one vendor's API looks from outside: what {@link FakeProvider} sends. One that the kit lacks
 * is added by implementing this. Immutable.
 */
public interface Wire {
  /** OpenAI's chat completions, and those of the many servers that speak the same. */
  static Wire openAiChat() {
    return new ChatWire();
  }

  /** OpenAI's Responses. */
  static Wire openAiResponses() {
    return new ResponsesWire("/v1");
  }

  /** OpenAI's Responses at an Azure resource. */
  static Wire azure() {
    return new ResponsesWire("");
  }

  /** Amazon Bedrock's ConverseStream. */
  static Wire bedrock() {
    return new BedrockWire();
  }

  /** Ollama's own. */
  static Wire ollama() {
    return new OllamaWire();
  }

  /** Anthropic's Messages API. */
  static Wire anthropic() {
    return new AnthropicWire();
  }

  /** Google's Gemini API. */
  static Wire gemini() {
    return new GeminiWire();
  }

  /** What a base URL has after the host, as in {@code /v1}; may be empty. */
  String basePath();

  /** What an answer that streams is said to be, as in {@code text/event-stream}. */
  default String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  /** {@code reply} as the answer to {@code request}, piece by piece. */
  List<Piece> pieces(Reply reply, FakeRequest request);

  /**
   * Events that a client has to pass over, each whole: of types that it can't know, with fields
   * that it can't know, and with nothing in them.
   */
  List<Piece.Data> noise();

  /**
   * How the vendor says that a call failed; empty if it has no such error. {@code message} is what
   * it says of it.
   */
  Optional<Refused> refused(VendorError error, String message);

  /** What is answered to a GET, such as one for the list of models, which has {@code test}. */
  String listing(FakeRequest request);

  /**
   * An answer that is no stream.
   *
   * @param status the HTTP status, 400..599
   * @param body JSON
   */
  record Refused(int status, String body) {
    public Refused {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status: " + status + " (expected: 400..599)");
      }
    }
  }
}
