package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiProviderFactoryTest {
  /** The defaults, in an environment that has {@code variables} and nothing else. */
  private static Config config(String variables) {
    return ConfigFactory.parseString(variables)
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false))
        .getConfig("kantele");
  }

  private static OpenAiSettings settings(String variables) {
    return OpenAiSettings.from(
        SettingsReader.of(config(variables), "kantele").block("models").block("openai"));
  }

  private static ModelProvider provider(String variables) {
    return new OpenAiProviderFactory().create(config(variables), Clock.systemUTC());
  }

  @Nested
  class TheEnvironment {
    @Test
    void gives_the_key_and_the_address() {
      OpenAiSettings settings =
          settings("OPENAI_API_KEY = \" abc \", OPENAI_BASE_URL = \"http://127.0.0.1:11434/v1/\"");

      assertThat(settings.apiKey().orElseThrow().reveal()).isEqualTo("abc");
      assertThat(settings.callUrl()).hasToString("http://127.0.0.1:11434/v1/chat/completions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OPENAI_API_KEY = \"\", OPENAI_BASE_URL = \" \""})
    void may_have_neither(String variables) {
      OpenAiSettings settings = settings(variables);

      assertThat(settings.apiKey()).isEmpty();
      assertThat(settings.callUrl()).hasToString("https://api.openai.com/v1/responses");
      assertThat(settings.isOpenAi()).isTrue();
    }
  }

  @Nested
  class TheKey {
    @Test
    void is_in_no_text_form() {
      assertThat(settings("OPENAI_API_KEY = \"secret-1\"").toString()).doesNotContain("secret-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"secret 1\"", "\"secret\\n1\"", "\"secret\u00E9\"", "{secret: 1}"})
    void is_refused_without_being_shown(String key) {
      assertThatThrownBy(() -> settings("OPENAI_API_KEY = " + key))
          .isInstanceOf(SettingsException.class)
          .hasMessageStartingWith("kantele.models.openai.api-key: not shown here (expected: ")
          .hasMessageNotContaining("secret");
    }

    @Test
    void is_needed_for_openai_only() {
      assertThat(provider("").obstacle()).isPresent();
      assertThat(provider("OPENAI_API_KEY = k").obstacle()).isEmpty();
      assertThat(provider("OPENAI_BASE_URL = \"http://127.0.0.1/v1\"").obstacle()).isEmpty();
    }

    @Test
    void is_asked_for_in_one_sentence_at_the_first_call_without_one() throws Exception {
      ActorTestKit kit = ActorTestKit.create();
      try {
        var request = Requests.of("Go on.").model("gpt-5-mini").build();
        ModelEvent only =
            provider("").stream(request)
                .runWith(Sink.head(), Materializer.matFromSystem(kit.system()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(only)
            .isInstanceOfSatisfying(
                ModelEvent.Failed.class,
                failed -> {
                  assertThat(failed.failure().message()).contains("OPENAI_API_KEY");
                  assertThat(failed.failure().retryable()).isFalse();
                });
      } finally {
        kit.shutdownTestKit();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:11434/v1",
        "ftp://127.0.0.1/v1",
        "http:///v1",
        "http://me:secret@127.0.0.1/v1",
        "http://127.0.0.1/v1?key=secret",
        "http://127.0.0.1/v1#secret",
        "http://127.0.0.1/{secret}"
      })
  void an_address_that_can_not_be_called_is_refused(String url) {
    assertThatThrownBy(() -> settings("OPENAI_BASE_URL = \"" + url + "\""))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("kantele.models.openai.base-url: not shown here (expected: an http")
        .hasMessageNotContaining("secret");
  }

  @Test
  void a_misspelt_key_is_refused() {
    Config misspelt =
        ConfigFactory.parseString("models.openai.first-event-timout = 1s").withFallback(config(""));

    assertThatThrownBy(() -> new OpenAiProviderFactory().create(misspelt, Clock.systemUTC()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kantele.models.openai.first-event-timout: unknown key");
  }

  @Test
  void any_name_is_a_model() {
    ModelProvider provider = provider("OPENAI_API_KEY = k");

    assertThat(provider.has("meta-llama/Llama-3.3-70B-Instruct")).isTrue();
    assertThat(provider.has(" ")).isFalse();
    assertThat(provider.models()).isEmpty();
  }
}
