package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.model.ModelRequest;

/**
 * Decides what a scripted model replies to a call: a {@link Script}, or any function. Thread-safe,
 * quick, and the same for the same request, so that a repeated call repeats the reply.
 */
@FunctionalInterface
public interface ScriptedModel {
  /** The reply to {@code request}. */
  ScriptReply reply(ModelRequest request);
}
