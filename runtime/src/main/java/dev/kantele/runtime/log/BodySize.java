package dev.kantele.runtime.log;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import java.util.List;
import java.util.Optional;

/**
 * Estimates what an event takes in memory, in bytes; right to within a small factor, which is what
 * a bound needs.
 */
final class BodySize {
  private static final int OVERHEAD = 160;

  static int of(EventBody body) {
    return OVERHEAD
        + switch (body) {
          case EventBody.TextDelta delta -> delta.text().length();
          case EventBody.ReasoningDelta delta -> delta.text().length();
          case EventBody.ToolCallDelta delta -> delta.arguments().length();
          case EventBody.ToolOutput output -> length(output.chunk());
          case EventBody.Catchup catchup -> catchup.events().stream().mapToInt(BodySize::of).sum();
          case EventBody.StreamCompleted completed -> of(completed.message());
          case EventBody.StreamFailed failed -> of(failed.message());
          case EventBody.StreamCancelled cancelled -> of(cancelled.message());
          case EventBody.TurnQueued queued -> of(queued.content());
          case EventBody.TurnSteered steered -> of(steered.content());
          case EventBody.TurnOutputRejected rejected -> rejected.message().length();
          case EventBody.ToolCompleted completed -> completed.output().toString().length();
          case EventBody.ToolRequested requested ->
              requested.arguments().map(arguments -> arguments.toString().length()).orElse(0)
                  + length(requested.invalidArguments());
          case EventBody.SessionSnapshot snapshot ->
              snapshot.state().transcript().stream().mapToInt(BodySize::of).sum();
          case EventBody.Durable _,
              EventBody.Warning _,
              EventBody.SessionDetached _,
              EventBody.Unknown _ ->
              0;
        };
  }

  static int of(Message message) {
    return of(message.content());
  }

  private static int of(List<Part> parts) {
    int bytes = 0;
    for (Part part : parts) {
      bytes +=
          switch (part) {
            case Part.Text text -> text.text().length();
            case Part.Reasoning reasoning -> reasoning.text().length();
            case Part.Image image -> length(image.data());
            case Part.File file -> length(file.data());
            case Part.Data data -> data.value().toString().length();
            case Part.ToolCall call -> call.arguments().toString().length();
            case Part.ToolResult result ->
                result.output().map(output -> output.toString().length()).orElse(OVERHEAD);
            case Part.Resource _ -> OVERHEAD;
          };
    }
    return bytes;
  }

  private static int length(Optional<String> text) {
    return text.map(String::length).orElse(0);
  }

  private BodySize() {}
}
