package dev.kantele.runtime.security;

import dev.kantele.protocol.Secret;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds out who a client is. Called from many threads at once; must not block, work that does goes
 * elsewhere and completes the stage later.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Judges the token of {@code hello} or {@code auth.refresh}. A failed stage counts as the node's
   * fault: the client is told {@code internal} and may try again.
   *
   * @param remote where the connection comes from
   */
  CompletionStage<Authentication> authenticate(Optional<Secret> token, InetAddress remote);

  /**
   * Takes whoever comes from this machine for the principal {@code local}, and refuses others. What
   * comes through a proxy on this machine comes from this machine.
   */
  static Authenticator loopback() {
    return (_, remote) ->
        CompletableFuture.completedStage(
            remote.isLoopbackAddress()
                ? new Authentication.Authenticated("local")
                : new Authentication.Refused(
                    "This node has no authenticator and takes connections from its own machine"
                        + " only."));
  }

  /** Takes everybody for the principal {@code local}: for networks where that is wanted. */
  static Authenticator everybody() {
    return (_, _) -> CompletableFuture.completedStage(new Authentication.Authenticated("local"));
  }
}
