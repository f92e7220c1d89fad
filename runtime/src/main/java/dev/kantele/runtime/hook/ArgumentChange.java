package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/** The arguments that the hook called {@code hook} gave a tool call. */
public record ArgumentChange(String hook, JsonNode arguments) {
  public ArgumentChange {
    requireNonNull(hook, "hook");
    requireNonNull(arguments, "arguments");
  }
}
