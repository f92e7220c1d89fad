package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Message;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.List;
import java.util.Optional;

/** A hook's answer before a call of a model. */
public sealed interface BeforeModel {
  /** The call is made as it is. */
  record Proceed() implements BeforeModel {}

  /**
   * The call is made with these in place of what the request has. Ids, attempt, model and output
   * schema stay: they are in the log by now. The log keeps what was said, so a changed transcript
   * is for this call only.
   *
   * @param transcript every tool call in it must have a result
   * @param tools what the model is told of; this neither gives nor takes the right to call them
   */
  record Change(
      Optional<String> instructions,
      List<Message> transcript,
      List<ToolSpec> tools,
      Optional<JsonNode> params)
      implements BeforeModel {
    public Change {
      requireNonNull(instructions, "instructions");
      transcript = List.copyOf(transcript);
      tools = List.copyOf(tools);
      requireNonNull(params, "params");
    }

    /** What {@code request} has; a start for what is to be changed. */
    public static Change of(ModelRequest request) {
      return new Change(
          request.instructions(), request.transcript(), request.tools(), request.params());
    }

    /** Returns the change with these instructions. */
    public Change withInstructions(String text) {
      return new Change(Optional.of(text), transcript, tools, params);
    }

    /** Returns the change with this transcript. */
    public Change withTranscript(List<Message> messages) {
      return new Change(instructions, messages, tools, params);
    }

    /** Returns the change with these tools. */
    public Change withTools(List<ToolSpec> specs) {
      return new Change(instructions, transcript, specs, params);
    }

    /** Returns the change with these parameters. */
    public Change withParams(JsonNode values) {
      return new Change(instructions, transcript, tools, Optional.of(values));
    }

    ModelRequest applied(ModelRequest request) {
      return new ModelRequest(
          request.session(),
          request.turn(),
          request.stream(),
          request.attempt(),
          request.model(),
          instructions,
          transcript,
          tools,
          params,
          request.outputSchema());
    }
  }

  /**
   * The call is not made: stream and turn fail with the code {@code vetoed}, and {@code reason},
   * one plain sentence, is shown to clients.
   */
  record Veto(String reason) implements BeforeModel {
    public Veto {
      requireNonNull(reason, "reason");
    }
  }
}
