package dev.kantele.runtime.model.ollama;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;

/** Makes the provider {@code ollama} of {@code kantele.models.ollama}. */
public final class OllamaProviderFactory implements ModelProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public OllamaProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    SettingsReader settings =
        SettingsReader.of(kanteleConfig, "kantele").block("models").block(OllamaProvider.NAME);
    return new OllamaProvider(OllamaSettings.from(settings), clock);
  }
}
