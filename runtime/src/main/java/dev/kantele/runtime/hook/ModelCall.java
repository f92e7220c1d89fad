package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.model.ModelRequest;

/**
 * One call of a model, as a hook sees it.
 *
 * @param agent the session's agent
 * @param provider the part of the model reference before the slash
 * @param request what the model is given, with the changes of the hooks before
 */
public record ModelCall(String agent, String provider, ModelRequest request) {
  public ModelCall {
    requireNonNull(agent, "agent");
    requireNonNull(provider, "provider");
    requireNonNull(request, "request");
  }
}
