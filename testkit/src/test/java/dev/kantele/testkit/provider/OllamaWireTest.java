package dev.kantele.testkit.provider;

import dev.kantele.protocol.FinishReason;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ollama.OllamaProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The provider {@code ollama} by the contract. */
@Timeout(120)
final class OllamaWireTest extends WireContract {
  @Override
  protected Wire wire() {
    return Wire.ollama();
  }

  @Override
  protected ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    return Providers.of(new OllamaProviderFactory(), "ollama", "host", baseUrl, KEY, settings);
  }

  @Override
  protected boolean signs() {
    return false;
  }

  @Override
  protected boolean countsCached() {
    return false;
  }

  @Override
  protected boolean namesMediaTypes() {
    return false;
  }

  @Override
  protected List<FinishReason> finishReasons() {
    return List.of(FinishReason.END, FinishReason.TOOL_CALLS, FinishReason.MAX_TOKENS);
  }
}
