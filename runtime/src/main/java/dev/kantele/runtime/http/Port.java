package dev.kantele.runtime.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** An open port that speaks HTTP. Any thread may call. */
interface Port {
  /** Where it listens. */
  InetSocketAddress address();

  /** Takes no more connections; completes when that is so. Those that were taken go on. */
  CompletionStage<Done> unbind();

  /**
   * Ends all connections that are no WebSockets: at once where nothing is being answered, elsewhere
   * after the response, and after {@code limit} in any case. Completes when they are gone.
   */
  CompletionStage<Done> terminate(Duration limit);
}
