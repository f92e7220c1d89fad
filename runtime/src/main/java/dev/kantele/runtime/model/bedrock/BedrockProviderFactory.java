package dev.kantele.runtime.model.bedrock;

import com.typesafe.config.Config;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Makes the provider {@code bedrock} of {@code kantele.models.bedrock}. */
public final class BedrockProviderFactory implements ModelProviderFactory {
  static final String NAME = "bedrock";

  private static final List<String> NEEDED =
      List.of(
          "software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient",
          "software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient");

  /** For {@link java.util.ServiceLoader}. */
  public BedrockProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    BedrockSettings settings =
        BedrockSettings.from(
            SettingsReader.of(kanteleConfig, "kantele").block("models").block(NAME));
    // Only this class can be loaded where the SDK is not there.
    return NEEDED.stream().allMatch(BedrockProviderFactory::isThere)
        ? new BedrockProvider(settings)
        : new WithoutSdk(settings.models());
  }

  private static boolean isThere(String type) {
    try {
      Class.forName(type, /* initialize= */ false, BedrockProviderFactory.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  /** Says what to add. */
  record WithoutSdk(List<String> models) implements ModelProvider {
    private static final String WHAT =
        "the AWS SDK is not on the class path; add software.amazon.awssdk:bedrockruntime and"
            + " software.amazon.awssdk:netty-nio-client";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public boolean has(String model) {
      return !model.isBlank();
    }

    @Override
    public Optional<String> obstacle() {
      return Optional.of(WHAT);
    }

    @Override
    public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
      return Source.single(
          new ModelEvent.Failed(new Failure("not_configured", WHAT, /* retryable= */ false)));
    }
  }
}
