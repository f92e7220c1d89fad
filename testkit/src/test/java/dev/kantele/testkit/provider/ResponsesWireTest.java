package dev.kantele.testkit.provider;

import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.openai.OpenAiProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The provider {@code openai} by the contract, where it speaks Responses. */
@Timeout(120)
final class ResponsesWireTest extends WireContract {
  @Override
  protected Wire wire() {
    return Wire.openAiResponses();
  }

  @Override
  protected ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    var responses = new HashMap<String, Object>(settings);
    responses.put("wire", "responses");
    return Providers.of(new OpenAiProviderFactory(), "openai", baseUrl, KEY, responses);
  }
}
