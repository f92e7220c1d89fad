package dev.kantele.testkit.provider;

import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.FinishReason;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.bedrock.BedrockProviderFactory;
import dev.kantele.testkit.contract.WireContract;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * The provider {@code bedrock} by the contract: the SDK itself reads what the fake server sends.
 */
@Timeout(120)
final class BedrockWireTest extends WireContract {
  private final Map<String, ModelProvider> providers = new HashMap<>();

  /* Where the SDK's chain looks first. */
  @BeforeAll
  static void setCredentials() {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", KEY);
  }

  @AfterAll
  static void clearCredentials() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Override
  protected Wire wire() {
    return Wire.bedrock();
  }

  @Override
  protected synchronized ModelProvider provider(String baseUrl, Map<String, ?> settings) {
    return providers.computeIfAbsent(baseUrl + settings, _ -> create(baseUrl, settings));
  }

  private static ModelProvider create(String baseUrl, Map<String, ?> settings) {
    var block = new HashMap<String, Object>(settings);
    block.put("endpoint", baseUrl);
    block.put("region", "eu-north-1");
    block.put("models", List.of("test"));
    return new BedrockProviderFactory()
        .create(
            ConfigFactory.parseMap(Map.of("kantele.models.bedrock", block))
                .withFallback(ConfigFactory.load())
                .resolve()
                .getConfig("kantele"),
            Clock.systemUTC());
  }

  @Override
  protected boolean namesMediaTypes() {
    return false;
  }

  @Override
  protected boolean takesSchemas() {
    return false;
  }

  @Override
  protected List<FinishReason> finishReasons() {
    return List.of(
        FinishReason.END,
        FinishReason.TOOL_CALLS,
        FinishReason.MAX_TOKENS,
        FinishReason.CONTENT_FILTER);
  }
}
