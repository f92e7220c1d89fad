package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One part of a message's content. The first five go both ways; the last three are in the messages
 * of a transcript only.
 */
public sealed interface Part {
  /** Plain text. */
  @WireName("text")
  record Text(String text) implements Part {
    public Text {
      requireNonNull(text, "text");
    }
  }

  /** A picture, either inline (base64) or by address. */
  @WireName("image")
  record Image(String mediaType, Optional<String> data, Optional<String> url) implements Part {
    public Image {
      requireNonNull(mediaType, "media_type");
      requireOneOf(data, url);
    }
  }

  /** A file, either inline (base64) or by address. */
  @WireName("file")
  record File(String mediaType, String name, Optional<String> data, Optional<String> url)
      implements Part {
    public File {
      requireNonNull(mediaType, "media_type");
      requireNonNull(name, "name");
      requireOneOf(data, url);
    }
  }

  /** A reference to something that the agent can read by its URI. */
  @WireName("resource")
  record Resource(String uri, Optional<String> name, Optional<String> mediaType) implements Part {
    public Resource {
      requireNonNull(uri, "uri");
    }
  }

  /** A JSON value. */
  @WireName("data")
  record Data(JsonNode value) implements Part {
    public Data {
      requireNonNull(value, "value");
    }
  }

  /**
   * What the model thought before it answered; {@code signature} is the vendor's, to be sent back
   * unchanged.
   */
  @WireName("reasoning")
  record Reasoning(String text, Optional<String> signature) implements Part {
    public Reasoning {
      requireNonNull(text, "text");
    }
  }

  /**
   * The model's wish to have a tool called. {@code arguments} is an object, or the model's text
   * where it was none.
   */
  @WireName("tool_call")
  record ToolCall(InvocationId invocation, String name, JsonNode arguments) implements Part {
    public ToolCall {
      requireNonNull(invocation, "invocation");
      requireNonNull(name, "name");
      requireNonNull(arguments, "arguments");
    }
  }

  /** What became of a tool call: exactly one of {@code output} and {@code error}. */
  @WireName("tool_result")
  record ToolResult(InvocationId invocation, Optional<JsonNode> output, Optional<Failure> error)
      implements Part {
    public ToolResult {
      requireNonNull(invocation, "invocation");
      output = JsonValues.outputBeside(error, output);
      if (output.isPresent() == error.isPresent()) {
        throw new IllegalArgumentException("tool_result: exactly one of output and error");
      }
    }
  }

  private static void requireOneOf(Optional<String> data, Optional<String> url) {
    if (data.isPresent() == url.isPresent()) {
      throw new IllegalArgumentException("content: exactly one of data and url");
    }
  }
}
