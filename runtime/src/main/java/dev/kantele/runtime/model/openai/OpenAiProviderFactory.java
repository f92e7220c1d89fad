package dev.kantele.runtime.model.openai;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;

/** Makes the provider {@code openai} of {@code kantele.models.openai}. */
public final class OpenAiProviderFactory implements ModelProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public OpenAiProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    SettingsReader settings =
        SettingsReader.of(kanteleConfig, "kantele").block("models").block(OpenAiProvider.NAME);
    return new OpenAiProvider(OpenAiSettings.from(settings), clock);
  }
}
