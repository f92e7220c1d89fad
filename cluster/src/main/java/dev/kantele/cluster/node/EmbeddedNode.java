package dev.kantele.cluster.node;

import com.typesafe.config.Config;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.protocol.ClientId;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.log.ClientKey;
import java.util.UUID;

/** A node inside this process, without a port. */
public final class EmbeddedNode {
  /**
   * Starts it; closing what is returned stops it.
   *
   * @throws RuntimeException as {@link Kantele#start}
   */
  public static SessionAccess start(Config config) {
    Kantele kantele = Kantele.start(KanteleSettings.from(config));
    var client = new ClientKey(Kantele.LOCAL_PRINCIPAL, new ClientId("cli-" + UUID.randomUUID()));
    return new EmbeddedSessions(kantele.sessions(), client, kantele.models(), kantele::close);
  }

  private EmbeddedNode() {}
}
