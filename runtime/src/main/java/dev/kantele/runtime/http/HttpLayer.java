package dev.kantele.runtime.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.apache.pekko.event.Logging;
import org.apache.pekko.http.impl.engine.server.GracefulTerminatorStage;
import org.apache.pekko.http.impl.engine.server.ServerTerminationDeadlineReached;
import org.apache.pekko.http.impl.engine.server.ServerTerminator;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.scaladsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.DurationConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * HTTP over any stream of bytes, as pekko-http's own server has it over its sockets: to what
 * pekko-http offers as a layer, this adds the idle time limit and the end that waits for responses,
 * by the same parts. One is shared by all connections; any thread may use it.
 */
final class HttpLayer {
  /** Requests of a connection in their life from the first to the last. */
  interface Requests {
    /**
     * No more requests come, and none is being answered: the connection ended or is no HTTP now.
     */
    CompletionStage<Done> over();

    /** Ends the connection after the response to what is being answered, or after {@code limit}. */
    CompletionStage<Done> terminate(Duration limit);
  }

  private final ServerSettings settings;
  private final BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, ServerTerminator> layer;
  private final Flow<
          org.apache.pekko.http.javadsl.model.HttpRequest,
          org.apache.pekko.http.javadsl.model.HttpResponse,
          NotUsed>
      answers;

  /**
   * A layer.
   *
   * @param secure whether what is below is encrypted
   * @param answers a response to each request, in their order
   */
  HttpLayer(
      ActorSystem system,
      org.apache.pekko.http.javadsl.settings.ServerSettings settings,
      boolean secure,
      Flow<
              org.apache.pekko.http.javadsl.model.HttpRequest,
              org.apache.pekko.http.javadsl.model.HttpResponse,
              NotUsed>
          answers) {
    this.settings = (ServerSettings) settings;
    this.answers = answers;
    var http =
        Http.apply(system)
            .serverLayer(
                this.settings, Option.empty(), Logging.getLogger(system, HttpLayer.class), secure);
    this.layer =
        new BidiFlow<>(
                GracefulTerminatorStage.apply(system, this.settings).atop(http).atop(plain()))
            .atop(idleTimeout(Duration.ofNanos(this.settings.timeouts().idleTimeout().toNanos())));
  }

  /** What is below the layer's encryption, without any. */
  @SuppressWarnings("unchecked") // Types of Scala that say "or any more special one" in itself.
  private static Graph<BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound>, NotUsed>
      plain() {
    return (Graph<BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound>, NotUsed>)
        (Graph<?, ?>) TLSPlacebo.apply();
  }

  private static BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> idleTimeout(
      Duration limit) {
    return BidiFlow.bidirectionalIdleTimeout(limit);
  }

  /** The requests of one connection, to be run once. */
  Flow<ByteString, ByteString, Requests> connection(InetAddress remote) {
    RemoteAddress address = RemoteAddress.create(remote);
    return Flow.<HttpRequest>create()
        .watchTermination(Keep.right())
        .<org.apache.pekko.http.javadsl.model.HttpRequest>map(
            request -> (HttpRequest) request.addAttribute(AttributeKeys.remoteAddress, address))
        .via(answers)
        .map(HttpResponse.class::cast)
        .watchTermination(
            (requests, responses) -> requests.thenCombine(responses, (_, last) -> last))
        .<ByteString, ByteString, ServerTerminator, Requests>joinMat(layer, Connected::new)
        // Whoever is idle when all are ended gets what was written before, and no reset.
        .onErrorComplete(ServerTerminationDeadlineReached.class)
        // A failure must not be overtaken by the cancellation that it causes elsewhere.
        .addAttributes(cancelledAfter(settings.streamCancellationDelay()));
  }

  private static Attributes cancelledAfter(FiniteDuration delay) {
    return Attributes.none()
        .and(
            new Attributes.CancellationStrategy(
                Attributes.cancellationStrategyAfterDelay(
                    delay, Attributes.cancellationStrategyFailStage())));
  }

  private record Connected(CompletionStage<Done> over, ServerTerminator terminator)
      implements Requests {
    @Override
    public CompletionStage<Done> terminate(Duration limit) {
      return FutureConverters.asJava(
              terminator.terminate(
                  DurationConverters.toScala(limit), ExecutionContexts.fromExecutor(Runnable::run)))
          .thenApply(_ -> Done.getInstance());
    }
  }
}
