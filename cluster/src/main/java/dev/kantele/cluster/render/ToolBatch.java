package dev.kantele.cluster.render;

import dev.kantele.protocol.InvocationId;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tool calls of one message: with several of them, each result says whose it is. */
final class ToolBatch {
  private final Map<InvocationId, String> names = new LinkedHashMap<>();

  void clear() {
    names.clear();
  }

  void add(InvocationId invocation, String name) {
    names.put(invocation, name);
  }

  String name(InvocationId invocation) {
    return names.getOrDefault(invocation, "a tool");
  }

  String prefix(InvocationId invocation) {
    return names.size() > 1 ? " " + name(invocation) : "";
  }
}
