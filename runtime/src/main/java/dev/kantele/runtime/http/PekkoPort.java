package dev.kantele.runtime.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * A port of pekko-http's own server.
 *
 * @param binding the server's
 */
record PekkoPort(ServerBinding binding) implements Port {
  @Override
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  @Override
  public CompletionStage<Done> unbind() {
    return binding.unbind();
  }

  @Override
  public CompletionStage<Done> terminate(Duration limit) {
    return binding.terminate(limit).thenApply(_ -> Done.getInstance());
  }
}
