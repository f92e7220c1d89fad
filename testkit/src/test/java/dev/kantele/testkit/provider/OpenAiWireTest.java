package dev.kantele.testkit.provider;

import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.openai.OpenAiProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The provider {@code openai} by the contract. */
@Timeout(120)
final class OpenAiWireTest extends WireContract {
  @Override
  protected Wire wire() {
    return Wire.openAiChat();
  }

  @Override
  protected ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    return Providers.of(new OpenAiProviderFactory(), "openai", baseUrl, KEY, settings);
  }

  @Override
  protected boolean signs() {
    return false;
  }
}
