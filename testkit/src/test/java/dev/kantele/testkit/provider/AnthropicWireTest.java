package dev.kantele.testkit.provider;

import dev.kantele.protocol.FinishReason;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.anthropic.AnthropicProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The provider {@code anthropic} by the contract. */
@Timeout(120)
final class AnthropicWireTest extends WireContract {
  @Override
  protected Wire wire() {
    return Wire.anthropic();
  }

  @Override
  protected ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    return Providers.of(new AnthropicProviderFactory(), "anthropic", baseUrl, KEY, settings);
  }

  /** Of what is filtered there is no answer at all. */
  @Override
  protected List<FinishReason> finishReasons() {
    return List.of(
        FinishReason.END, FinishReason.TOOL_CALLS, FinishReason.MAX_TOKENS, FinishReason.REFUSAL);
  }
}
