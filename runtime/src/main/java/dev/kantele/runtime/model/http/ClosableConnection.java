package dev.kantele.runtime.model.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * A TCP connection that can be closed at any moment. Pekko's HTTP client alone keeps it open while
 * a request waits for its answer, whether or not anybody still wants that. Thread-safe; for one
 * connection.
 */
final class ClosableConnection extends ClientTransport {
  /** Has no stack trace: it is no error, but the one way to have a connection closed. */
  private static final class Closed extends Exception {
    private static final long serialVersionUID = 1;

    Closed() {
      super(
          "the call is over",
          null,
          /* enableSuppression= */ false,
          /* writableStackTrace= */ false);
    }
  }

  private final SharedKillSwitch connection = KillSwitches.shared("model-call");

  @Override
  public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
      String host, int port, ClientConnectionSettings settings, ActorSystem system) {
    return Flow.of(ByteString.class)
        .via(connection.flow())
        .viaMat(
            ClientTransport.TCP().connectTo(host, port, settings, system),
            (_, connected) -> connected)
        .via(connection.flow());
  }

  /** Closes it now, or at once when it is made. */
  void close() {
    connection.abort(new Closed());
  }
}
