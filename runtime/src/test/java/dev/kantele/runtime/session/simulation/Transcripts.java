package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Whether a model can be called with a transcript. */
final class Transcripts {
  /** Returns what is wrong, a sentence each. */
  static List<String> faults(List<Message> transcript) {
    var faults = new ArrayList<String>();
    var known = new HashSet<InvocationId>();
    List<InvocationId> due = List.of();
    for (int i = 0; i < transcript.size(); i++) {
      Message message = transcript.get(i);
      if (message.content().isEmpty()) {
        faults.add("message " + i + " is empty");
      }
      List<InvocationId> results = results(message);
      if (!results.equals(due)) {
        faults.add("message %d has results of %s (expected: %s)".formatted(i, results, due));
      }
      due = calls(message);
      if (!due.isEmpty() && (message.role() != Role.ASSISTANT || message.partial())) {
        faults.add("message " + i + " asks for tools, but is " + message);
      }
      if (!results.isEmpty() && message.role() != Role.TOOL) {
        faults.add("message " + i + " has results, but is of " + message.role());
      }
      for (InvocationId call : due) {
        if (!known.add(call)) {
          faults.add("message " + i + " has call " + call + " again");
        }
      }
    }
    if (!due.isEmpty()) {
      faults.add("calls without a result: " + due);
    }
    if (!transcript.isEmpty() && transcript.getLast().role() == Role.ASSISTANT) {
      faults.add("the last message is the assistant's");
    }
    return faults;
  }

  private static List<InvocationId> calls(Message message) {
    var calls = new ArrayList<InvocationId>();
    for (Part part : message.content()) {
      if (part instanceof Part.ToolCall call) {
        calls.add(call.invocation());
      }
    }
    return calls;
  }

  private static List<InvocationId> results(Message message) {
    var results = new ArrayList<InvocationId>();
    for (Part part : message.content()) {
      if (part instanceof Part.ToolResult result) {
        results.add(result.invocation());
      }
    }
    return results;
  }

  private Transcripts() {}
}
