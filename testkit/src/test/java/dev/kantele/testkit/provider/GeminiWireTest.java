package dev.kantele.testkit.provider;

import dev.kantele.protocol.FinishReason;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.google.GoogleProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The provider {@code google} by the contract. */
@Timeout(120)
final class GeminiWireTest extends WireContract {
  @Override
  protected Wire wire() {
    return Wire.gemini();
  }

  @Override
  protected ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    return Providers.of(new GoogleProviderFactory(), "google", baseUrl, KEY, settings);
  }

  /** Gemini does not say that a model refused. */
  @Override
  protected List<FinishReason> finishReasons() {
    return List.of(
        FinishReason.END,
        FinishReason.TOOL_CALLS,
        FinishReason.MAX_TOKENS,
        FinishReason.CONTENT_FILTER);
  }
}
