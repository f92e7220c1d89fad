package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses are those of Microsoft's page "Azure OpenAI in Azure AI Foundry Models v1 API". */
final class AzureSettingsTest {
  private static Config config(String variables) {
    return ConfigFactory.parseString(variables)
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false))
        .getConfig("kantele");
  }

  private static AzureSettings settings(String variables) {
    return AzureSettings.from(
        SettingsReader.of(config(variables), "kantele").block("models").block("azure"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://r.openai.azure.com, '', auto, https://r.openai.azure.com/openai/v1/responses",
    "https://r.openai.azure.com/openai/v1/, '', chat, https://r.openai.azure.com/openai/v1/chat/completions",
    "https://r.openai.azure.com/, v1, auto, https://r.openai.azure.com/openai/v1/responses",
    "https://r.openai.azure.com/, 2024-10-21, auto, https://r.openai.azure.com/openai/deployments/my%20d/chat/completions?api-version=2024-10-21",
    "https://r.openai.azure.com/, 2025-04-01-preview, responses, https://r.openai.azure.com/openai/responses?api-version=2025-04-01-preview"
  })
  void say_where_a_deployment_is_called(
      String endpoint, String version, String wire, String expected) {
    AzureSettings settings =
        settings(
            "AZURE_OPENAI_ENDPOINT = \"%s\", OPENAI_API_VERSION = \"%s\", kantele.models.azure.wire = %s"
                .formatted(endpoint, version, wire));

    assertThat(settings.callUrl("my d")).hasToString(expected);
  }

  @Test
  void give_the_key_or_the_token_which_wins() {
    assertThat(settings("AZURE_OPENAI_API_KEY = k").credentials())
        .containsExactly(Map.entry("api-key", new Secret("k")));
    assertThat(settings("AZURE_OPENAI_API_KEY = k, AZURE_OPENAI_AD_TOKEN = t").credentials())
        .containsExactly(Map.entry("Authorization", new Secret("Bearer t")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r.openai.azure.com", "https://r.openai.azure.com/other", "ftp://r"})
  void refuse_what_is_no_resource(String endpoint) {
    assertThatThrownBy(() -> settings("AZURE_OPENAI_ENDPOINT = \"" + endpoint + "\""))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kantele.models.azure.endpoint");
  }

  @Test
  void without_an_address_or_a_key_are_an_obstacle() {
    assertThat(obstacle("")).contains("AZURE_OPENAI_ENDPOINT");
    assertThat(obstacle("AZURE_OPENAI_ENDPOINT = \"https://r\"")).contains("AZURE_OPENAI_API_KEY");
    assertThat(obstacle("AZURE_OPENAI_ENDPOINT = \"https://r\", AZURE_OPENAI_API_KEY = k"))
        .isEmpty();
  }

  private static String obstacle(String variables) {
    return new AzureProviderFactory()
        .create(config(variables), Clock.systemUTC())
        .obstacle()
        .orElse("");
  }
}
