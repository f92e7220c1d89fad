package dev.kantele.runtime.model.anthropic;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;

/** Makes the provider {@code anthropic} of {@code kantele.models.anthropic}. */
public final class AnthropicProviderFactory implements ModelProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public AnthropicProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    SettingsReader settings =
        SettingsReader.of(kanteleConfig, "kantele").block("models").block(AnthropicProvider.NAME);
    return new AnthropicProvider(AnthropicSettings.from(settings), clock);
  }
}
