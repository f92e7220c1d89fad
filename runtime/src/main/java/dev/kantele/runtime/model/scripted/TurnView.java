package dev.kantele.runtime.model.scripted;

import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The end of a transcript: the last user message and what followed it.
 *
 * @param userText the text of the last user message
 * @param callNumber the number of the model call that is due
 * @param exchanges the tool calls since that message that have a result, in order
 * @param trailing how many of them belong to the results that the transcript ends with
 */
record TurnView(String userText, int callNumber, List<Exchange> exchanges, int trailing) {
  /** A tool call and its result. */
  record Exchange(Part.ToolCall call, Part.ToolResult result) {}

  TurnView {
    exchanges = List.copyOf(exchanges);
  }

  static TurnView of(List<Message> transcript) {
    int user = lastUserMessage(transcript);
    Map<InvocationId, Part.ToolCall> calls = new HashMap<>();
    var exchanges = new ArrayList<Exchange>();
    int callNumber = 1;
    int trailing = 0;
    for (Message message : transcript.subList(user + 1, transcript.size())) {
      if (message.role() == Role.ASSISTANT) {
        callNumber++;
        trailing = 0;
      }
      for (Part part : message.content()) {
        if (part instanceof Part.ToolCall call) {
          calls.put(call.invocation(), call);
        } else if (part instanceof Part.ToolResult result) {
          Part.ToolCall call = calls.get(result.invocation());
          if (call != null) {
            exchanges.add(new Exchange(call, result));
            trailing++;
          }
        }
      }
    }
    String text = user < 0 ? "" : transcript.get(user).text();
    return new TurnView(text, callNumber, exchanges, trailing);
  }

  boolean endsWithResultOf(String tool) {
    return exchanges.subList(exchanges.size() - trailing, exchanges.size()).stream()
        .anyMatch(exchange -> exchange.call().name().equals(tool));
  }

  private static int lastUserMessage(List<Message> transcript) {
    for (int i = transcript.size() - 1; i >= 0; i--) {
      if (transcript.get(i).role() == Role.USER) {
        return i;
      }
    }
    return -1;
  }
}
