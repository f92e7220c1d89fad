package dev.kantele.runtime.service;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.AckBody.AgentSummary;
import dev.kantele.protocol.AckBody.ModelSummary;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.sessions.Sessions;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a front needs of its node, whatever the wire. All parts are called from many threads and
 * must not block.
 *
 * @param sessions the way to the sessions
 * @param authenticator who may connect
 * @param agents the agents that sessions may use, in any order
 * @param models the models that sessions may use, in any order
 * @param quotas how much of the node one principal may use
 * @param queuedTurns turns that wait in a session at the most, as {@code welcome} says
 */
public record NodeServices(
    Sessions sessions,
    Authenticator authenticator,
    Supplier<List<AgentSummary>> agents,
    Supplier<List<ModelSummary>> models,
    Quotas quotas,
    long queuedTurns) {
  public NodeServices {
    requireNonNull(sessions, "sessions");
    requireNonNull(authenticator, "authenticator");
    requireNonNull(agents, "agents");
    requireNonNull(models, "models");
    requireNonNull(quotas, "quotas");
    WireNumber.require("queuedTurns", queuedTurns, 1);
  }
}
