package dev.kantele.runtime.model.http;

import dev.kantele.runtime.model.ModelEvent;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Calls vendors' HTTP APIs that answer by server-sent events. Each call has a TCP connection of its
 * own, since only that can be closed at any moment: before there is an answer, too. Thread-safe.
 */
public final class ModelHttpClient {
  /** What is read of an answer that is no event stream: so many bytes, for so long. */
  private static final int MAX_REFUSAL_BYTES = 64 * 1024;

  private static final Duration MAX_REFUSAL_TIME = Duration.ofSeconds(2);

  /** A vendor that misbehaves is an outcome of the call, and no error of this node's. */
  private static final Attributes QUIET =
      Attributes.createLogLevels(
          Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final ModelHttpSettings settings;
  private final Clock clock;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * A client whose calls share {@code settings}; dates in answers are compared with {@code clock}.
   */
  public ModelHttpClient(ModelHttpSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Returns one call, made when the source is materialised; a cancel closes its connection at once.
   * The last element is {@link ModelEvent.Finished} or {@link ModelEvent.Failed}, whatever happens.
   *
   * @param provider the vendor's name in messages
   * @param readers makes the reader of each call's answer
   * @param refused says what an answer means that is no event stream
   */
  public Source<ModelEvent, NotUsed> call(
      String provider,
      ModelHttpRequest request,
      Supplier<? extends AnswerReader> readers,
      Function<Refusal, ModelEvent.Failed> refused) {
    URI uri = request.uri();
    var failures =
        new CallFailures(
            "%s at %s://%s".formatted(provider, uri.getScheme(), uri.getAuthority()),
            settings.connectTimeout());
    return Source.fromMaterializer(
            (materializer, _) -> {
              var connection = new ClosableConnection();
              return Source.lazySource(() -> answer(materializer.system(), request, connection))
                  .addAttributes(QUIET)
                  .via(
                      new AnswerStage(
                          settings,
                          connections,
                          failures,
                          connection::close,
                          request.format(),
                          readers,
                          refused));
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Source<Incoming, NotUsed> answer(
      ActorSystem system, ModelHttpRequest request, ClosableConnection connection) {
    return Source.single(httpRequest(request))
        .via(connect(system, request.uri(), connection))
        // What becomes of the connection while its answer is read is seen in that answer.
        .take(1)
        .flatMapConcat(this::incoming);
  }

  private static HttpRequest httpRequest(ModelHttpRequest request) {
    URI uri = request.uri();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    HttpRequest http =
        HttpRequest.POST(uri.getRawPath() + query)
            .addHeader(RawHeader.create("Accept", request.format().mediaType()))
            .withEntity(ContentTypes.APPLICATION_JSON, request.body());
    for (var header : request.headers().entrySet()) {
      http = http.addHeader(RawHeader.create(header.getKey(), header.getValue()));
    }
    for (var credential : request.credentials().entrySet()) {
      http = http.addHeader(RawHeader.create(credential.getKey(), credential.getValue().reveal()));
    }
    return http;
  }

  private Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> connect(
      ActorSystem system, URI uri, ClosableConnection connection) {
    boolean secure = uri.getScheme().equalsIgnoreCase("https");
    int defaultPort = secure ? HTTPS_PORT : HTTP_PORT;
    OutgoingConnectionBuilder builder =
        Http.get(system)
            .connectionTo(uri.getHost())
            .toPort(uri.getPort() < 0 ? defaultPort : uri.getPort())
            .withClientConnectionSettings(
                ClientConnectionSettings.create(system)
                    .withConnectingTimeout(settings.connectTimeout())
                    .withTransport(connection)
                    // Silence is AnswerStage's matter, which knows whether anything is expected.
                    .withIdleTimeout(scala.concurrent.duration.Duration.Inf()));
    return secure ? builder.https() : builder.http();
  }

  private Source<Incoming, Object> incoming(HttpResponse response) {
    Source<ByteString, Object> body = response.entity().getDataBytes();
    if (isEventStream(response)) {
      return body.map(Incoming.Piece::new);
    }
    return body.recoverWithRetries(1, Throwable.class, Source::empty)
        .takeWithin(MAX_REFUSAL_TIME)
        .scan(ByteString.emptyByteString(), ByteString::concat)
        .takeWhile(sofar -> sofar.length() < MAX_REFUSAL_BYTES, /* inclusive= */ true)
        .fold(ByteString.emptyByteString(), (_, sofar) -> sofar)
        .map(sofar -> new Incoming.Refused(refusal(response, sofar.take(MAX_REFUSAL_BYTES))));
  }

  /* Some servers do not say what they send; but those that say something else mean it. */
  private static boolean isEventStream(HttpResponse response) {
    MediaType type = response.entity().getContentType().mediaType();
    return response.status().isSuccess()
        && !type.subType().equals("json")
        && !type.subType().equals("html")
        && header(response, "Content-Encoding").filter(code -> !code.equals("identity")).isEmpty();
  }

  private Refusal refusal(HttpResponse response, ByteString body) {
    return new Refusal(
        response.status().intValue(),
        response.entity().getContentType().mediaType().toString(),
        body.utf8String(),
        RetryHints.retryAfter(
            header(response, "retry-after-ms"), header(response, "Retry-After"), clock),
        header(response, "x-should-retry").flatMap(RetryHints::shouldRetry),
        header(response, "x-request-id").or(() -> header(response, "request-id")));
  }

  private static Optional<String> header(HttpResponse response, String name) {
    return response.getHeader(name).map(HttpHeader::value);
  }
}
