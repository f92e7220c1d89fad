package dev.kantele.testkit.provider;

import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.openai.AzureProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The provider {@code azure} by the contract. */
@Timeout(120)
final class AzureWireTest extends WireContract {
  @Override
  protected Wire wire() {
    return Wire.azure();
  }

  @Override
  protected ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    return Providers.of(new AzureProviderFactory(), "azure", "endpoint", baseUrl, KEY, settings);
  }
}
