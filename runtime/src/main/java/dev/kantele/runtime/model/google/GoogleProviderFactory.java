package dev.kantele.runtime.model.google;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;

/** Makes the provider {@code google} of {@code kantele.models.google}. */
public final class GoogleProviderFactory implements ModelProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public GoogleProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    SettingsReader settings =
        SettingsReader.of(kanteleConfig, "kantele").block("models").block(GoogleProvider.NAME);
    return new GoogleProvider(GoogleSettings.from(settings), clock);
  }
}
