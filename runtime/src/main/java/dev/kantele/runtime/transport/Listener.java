package dev.kantele.runtime.transport;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** An address on which connections are taken. Any thread may call. */
public interface Listener {
  /** Where it listens, with the port that was found if any free one was asked for. */
  SocketAddress address();

  /**
   * Takes no more connections and frees the address; connections that were taken go on. Completes
   * when that is done, also if it was asked for before.
   */
  CompletionStage<Done> unbind();
}
