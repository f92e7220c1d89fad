package dev.kantele.runtime.model.openai;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;

/** Makes the provider {@code azure} of {@code kantele.models.azure}. */
public final class AzureProviderFactory implements ModelProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public AzureProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    SettingsReader settings =
        SettingsReader.of(kanteleConfig, "kantele").block("models").block(AzureProvider.NAME);
    return new AzureProvider(AzureSettings.from(settings), clock);
  }
}
