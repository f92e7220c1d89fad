package dev.kantele.testkit.provider;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the runtime's own providers for tests. */
final class Providers {
  /** The provider {@code name}, with a model {@code test}. */
  static ModelProvider of(
      ModelProviderFactory factory,
      String name,
      String baseUrl,
      String key,
      Map<String, ?> settings) {
    return of(factory, name, "base-url", baseUrl, key, settings);
  }

  /** The same, of a provider that calls its address {@code urlKey}. */
  static ModelProvider of(
      ModelProviderFactory factory,
      String name,
      String urlKey,
      String baseUrl,
      String key,
      Map<String, ?> settings) {
    var block = new HashMap<String, Object>(settings);
    block.put(urlKey, baseUrl);
    block.put("api-key", key);
    block.put("models", List.of("test"));
    return factory.create(
        ConfigFactory.parseMap(Map.of("kantele.models." + name, block))
            .withFallback(ConfigFactory.load())
            .resolve()
            .getConfig("kantele"),
        Clock.systemUTC());
  }

  private Providers() {}
}
