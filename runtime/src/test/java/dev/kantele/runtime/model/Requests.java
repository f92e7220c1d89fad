package dev.kantele.runtime.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Model requests for tests, built message by message. */
public final class Requests {
  private final List<Message> transcript = new ArrayList<>();
  private String model = "test";
  private int attempt = 1;
  private List<ToolSpec> tools = List.of();
  private Optional<JsonNode> params = Optional.empty();
  private Optional<JsonNode> outputSchema = Optional.empty();
  private int invocations;

  public static Requests of(String userText) {
    return new Requests().user(userText);
  }

  public Requests user(String text) {
    transcript.add(Message.of(Role.USER, List.of(new Part.Text(text))));
    return this;
  }

  public Requests assistant(String text) {
    transcript.add(Message.of(Role.ASSISTANT, List.of(new Part.Text(text))));
    return this;
  }

  /** The assistant calls a tool, which answers. */
  public Requests called(String tool, JsonNode arguments, JsonNode output) {
    return called(tool, arguments, Optional.of(output), Optional.empty());
  }

  /** The assistant calls a tool, which fails. */
  public Requests failed(String tool, JsonNode arguments, String message) {
    return called(
        tool, arguments, Optional.empty(), Optional.of(new Failure("failed", message, false)));
  }

  private Requests called(
      String tool, JsonNode arguments, Optional<JsonNode> output, Optional<Failure> error) {
    var invocation = new InvocationId("i" + ++invocations);
    transcript.add(
        Message.of(Role.ASSISTANT, List.of(new Part.ToolCall(invocation, tool, arguments))));
    transcript.add(Message.of(Role.TOOL, List.of(new Part.ToolResult(invocation, output, error))));
    return this;
  }

  public Requests messages(Message... messages) {
    transcript.addAll(List.of(messages));
    return this;
  }

  public Requests model(String name) {
    this.model = name;
    return this;
  }

  public Requests attempt(int number) {
    this.attempt = number;
    return this;
  }

  public Requests tools(List<ToolSpec> specs) {
    this.tools = specs;
    return this;
  }

  public Requests params(JsonNode value) {
    this.params = Optional.of(value);
    return this;
  }

  public Requests outputSchema(JsonNode schema) {
    this.outputSchema = Optional.of(schema);
    return this;
  }

  public ModelRequest build() {
    return new ModelRequest(
        new SessionId("s"),
        new TurnId("t"),
        new StreamId("st"),
        attempt,
        model,
        Optional.of("Be brief."),
        transcript,
        tools,
        params,
        outputSchema);
  }
}
