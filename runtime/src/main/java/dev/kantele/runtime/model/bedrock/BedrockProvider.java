package dev.kantele.runtime.model.bedrock;

import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.VendorErrors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;

/**
 * The provider {@code bedrock}. Which models there are depends on the account and the region, so
 * any id, inference profile or ARN can be called. Its one client is made at the first call, and has
 * threads of its own, as many as cores; none per call. Thread-safe.
 */
final class BedrockProvider implements ModelProvider {
  /** A vendor that misbehaves is an outcome of the call, and no error of this node's. */
  private static final Attributes QUIET =
      Attributes.createLogLevels(
          Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());

  /** As long as an ARN may be. */
  private static final int MAX_MODEL_LENGTH = 2_048;

  private final BedrockSettings settings;
  private @Nullable BedrockRuntimeAsyncClient client;

  BedrockProvider(BedrockSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return BedrockProviderFactory.NAME;
  }

  @Override
  public List<String> models() {
    return settings.models();
  }

  @Override
  public boolean has(String model) {
    return !model.isBlank() && model.length() <= MAX_MODEL_LENGTH;
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return switch (BedrockRequest.of(request)) {
      case BedrockRequest.Invalid(var message) ->
          Source.single(VendorErrors.failed("invalid_params", message, /* retryable= */ false));
      case BedrockRequest.Body(var body) ->
          Source.fromMaterializer((_, _) -> call(body))
              .mapMaterializedValue(_ -> NotUsed.getInstance());
    };
  }

  private Source<ModelEvent, NotUsed> call(ConverseStreamRequest request) {
    var events = new CompletableFuture<SdkPublisher<ConverseStreamOutput>>();
    var begun = new AtomicBoolean();
    CompletableFuture<Void> call;
    try {
      call =
          client()
              .converseStream(
                  request,
                  ConverseStreamResponseHandler.builder()
                      .onEventStream(events::complete)
                      .onError(events::completeExceptionally)
                      .build());
    } catch (RuntimeException e) {
      // Such as for want of a region.
      return Source.single(BedrockErrors.of(e, /* answering= */ false));
    }
    // What fails before there is an answer may be told to the call only.
    var _ =
        call.whenComplete(
            (_, failure) -> {
              if (failure != null) {
                events.completeExceptionally(failure);
              }
            });
    var reader = new BedrockReader();
    return Source.completionStageSource(events.thenApply(Source::fromPublisher))
        .via(new Patience<>(settings.firstEventTimeout(), settings.idleTimeout()))
        .mapConcat(
            event -> {
              begun.set(true);
              return reader.read(event);
            })
        .recover(
            new PFBuilder<Throwable, ModelEvent>()
                .matchAny(failure -> BedrockErrors.of(failure, begun.get()))
                .build())
        .addAttributes(QUIET)
        .concatLazy(Source.lazySource(() -> Source.from(last(reader))))
        .takeWhile(event -> !isLast(event), /* inclusive= */ true)
        .watchTermination(
            (_, done) -> {
              // The SDK closes the connection of a call that is cancelled.
              var _ = done.whenComplete((_, _) -> call.cancel(true));
              return NotUsed.getInstance();
            });
  }

  private static List<ModelEvent> last(BedrockReader reader) {
    List<ModelEvent> left = reader.end();
    return left.isEmpty()
        ? List.of(
            VendorErrors.failed(
                "incomplete", "Bedrock ended its answer without a finish", /* retryable= */ true))
        : left;
  }

  private static boolean isLast(ModelEvent event) {
    return event instanceof ModelEvent.Finished || event instanceof ModelEvent.Failed;
  }

  /* The vendor's own chains find credentials, and the region where none is set. */
  private synchronized BedrockRuntimeAsyncClient client() {
    if (client == null) {
      var builder =
          BedrockRuntimeAsyncClient.builder()
              .overrideConfiguration(
                  // The session repeats what failed, and within its budget.
                  all -> all.retryStrategy(AwsRetryStrategy.doNotRetry()))
              .httpClientBuilder(
                  NettyNioAsyncHttpClient.builder()
                      // A connection for each call, which a cancel closes.
                      .protocol(Protocol.HTTP1_1)
                      .connectionTimeout(settings.connectTimeout())
                      .maxConcurrency(settings.maxConnections())
                      // Silence is Patience's matter, which knows whether anything is expected.
                      .readTimeout(Duration.ZERO));
      settings.region().map(Region::of).ifPresent(builder::region);
      settings.endpoint().ifPresent(builder::endpointOverride);
      client = builder.build();
    }
    return client;
  }
}
