package dev.kantele.runtime.session;

import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What is left of a turn that is rolled back: the tool calls that started, and their results. */
final class Rollback {
  static Transcript of(Transcript transcript, OpenTurn turn) {
    Transcript kept = transcript.first(turn.transcriptStart());
    for (Message message : transcript.from(turn.transcriptStart())) {
      List<Part> parts = started(message, turn.started());
      if (!parts.isEmpty()) {
        kept = kept.append(new Message(message.role(), parts, message.partial()));
      }
    }
    return kept;
  }

  private static List<Part> started(Message message, Set<InvocationId> started) {
    return switch (message.role()) {
      case USER -> List.of();
      case ASSISTANT, TOOL -> keep(message.content(), started);
    };
  }

  private static List<Part> keep(List<Part> parts, Set<InvocationId> started) {
    var kept = new ArrayList<Part>();
    for (Part part : parts) {
      Stream<InvocationId> of =
          switch (part) {
            case Part.ToolCall call -> Stream.of(call.invocation());
            case Part.ToolResult result -> Stream.of(result.invocation());
            case Part.Text _,
                Part.Image _,
                Part.File _,
                Part.Resource _,
                Part.Data _,
                Part.Reasoning _ ->
                Stream.empty();
          };
      if (of.anyMatch(started::contains)) {
        kept.add(part);
      }
    }
    return kept;
  }

  private Rollback() {}
}
