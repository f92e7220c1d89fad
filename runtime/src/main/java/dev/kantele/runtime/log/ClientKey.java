package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.ClientId;

/** Who numbers commands: a client's name, within the principal that it was authenticated as. */
public record ClientKey(String principal, ClientId client) {
  public ClientKey {
    requireNonNull(principal, "principal");
    requireNonNull(client, "client");
  }
}
