package dev.kantele.runtime.model.anthropic;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.BaseUrl;
import dev.kantele.runtime.model.http.ModelHttpSettings;
import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Where the provider's models are, and how they are called.
 *
 * @param baseUrl without {@code /v1}, and without a slash at its end
 * @param apiKey goes into {@code x-api-key}
 * @param authToken goes into {@code Authorization}, in the place of the key
 * @param version of the API, as in {@code 2023-06-01}
 * @param betas features that the API has only on demand
 * @param models the names that listings show; others can be called too
 * @param maxTokens of an answer, unless the prompt says so
 */
record AnthropicSettings(
    URI baseUrl,
    Optional<Secret> apiKey,
    Optional<Secret> authToken,
    String version,
    List<String> betas,
    List<String> models,
    long maxTokens,
    Thinking thinking,
    Cache cache,
    ModelHttpSettings http) {
  private static final String ANTHROPIC_URL = "https://api.anthropic.com";
  private static final String ANTHROPIC_HOST = "api.anthropic.com";
  private static final String URL_EXPECTED =
      "an http or https URL without /v1, such as https://api.anthropic.com";

  /** What the API takes for {@code budget_tokens}. */
  private static final int MIN_BUDGET = 1_024;

  private static final int MAX_TOKENS = 1_000_000;

  /** How prompts are cached. */
  enum Cache {
    OFF,
    FIVE_MINUTES,
    ONE_HOUR
  }

  /** What is asked of models that think. */
  enum Mode {
    /** Nothing: they do as they do. */
    MODEL,
    ON,
    OFF
  }

  /**
   * Whether models are to think before they answer.
   *
   * @param budgetTokens for those models that want a budget
   * @param byBudget the names of those models
   * @param display how those that need no budget show what they think; empty: as they do
   */
  record Thinking(Mode mode, long budgetTokens, Pattern byBudget, Optional<String> display) {
    Thinking {
      requireNonNull(mode, "mode");
      requireNonNull(byBudget, "byBudget");
      requireNonNull(display, "display");
    }
  }

  AnthropicSettings {
    requireNonNull(baseUrl, "baseUrl");
    requireNonNull(apiKey, "apiKey");
    requireNonNull(authToken, "authToken");
    requireNonNull(version, "version");
    betas = List.copyOf(betas);
    models = List.copyOf(models);
    requireNonNull(thinking, "thinking");
    requireNonNull(cache, "cache");
    requireNonNull(http, "http");
  }

  static AnthropicSettings from(SettingsReader settings) {
    settings.requireKnown(
        Stream.concat(
                Stream.of(
                    "base-url",
                    "api-key",
                    "auth-token",
                    "version",
                    "betas",
                    "models",
                    "max-tokens",
                    "thinking",
                    "cache"),
                ModelHttpSettings.KEYS.stream())
            .toArray(String[]::new));
    long maxTokens = settings.number("max-tokens", 1, MAX_TOKENS);
    URI url = BaseUrl.read(settings, "base-url", ANTHROPIC_URL, URL_EXPECTED);
    return new AnthropicSettings(
        URI.create(url.toString().replaceFirst("/v1$", "")),
        settings.secret("api-key"),
        settings.secret("auth-token"),
        settings.string("version"),
        settings.strings("betas"),
        settings.strings("models"),
        maxTokens,
        thinking(settings.block("thinking"), maxTokens),
        cache(settings),
        ModelHttpSettings.from(settings));
  }

  private static Thinking thinking(SettingsReader settings, long maxTokens) {
    settings.requireKnown("mode", "budget-tokens", "by-budget", "display");
    Mode mode =
        switch (settings.string("mode")) {
          case "model" -> Mode.MODEL;
          case "on" -> Mode.ON;
          case "off" -> Mode.OFF;
          default -> throw settings.invalid("mode", "model, on or off");
        };
    long budget = settings.number("budget-tokens", MIN_BUDGET, MAX_TOKENS);
    if (mode == Mode.ON && budget >= maxTokens) {
      throw settings.invalid("budget-tokens", "less than max-tokens, which is " + maxTokens);
    }
    try {
      return new Thinking(
          mode,
          budget,
          Pattern.compile(settings.string("by-budget")),
          settings.optionalString("display").filter(text -> !text.isEmpty()));
    } catch (PatternSyntaxException _) {
      throw settings.invalid("by-budget", "a regular expression");
    }
  }

  private static Cache cache(SettingsReader settings) {
    return switch (settings.string("cache")) {
      case "off" -> Cache.OFF;
      case "5m" -> Cache.FIVE_MINUTES;
      case "1h" -> Cache.ONE_HOUR;
      default -> throw settings.invalid("cache", "off, 5m or 1h");
    };
  }

  /** Whether it is Anthropic itself that is called, not a server that speaks the same. */
  boolean isAnthropic() {
    return ANTHROPIC_HOST.equalsIgnoreCase(baseUrl.getHost());
  }

  URI modelsUrl() {
    return URI.create(baseUrl + "/v1/models?limit=1000");
  }

  URI messagesUrl() {
    return URI.create(baseUrl + "/v1/messages");
  }

  /** What says who calls; a token goes before a key. */
  Optional<Secret> secret() {
    return authToken.or(() -> apiKey);
  }

  /** The headers that say who calls. */
  Map<String, Secret> credentials() {
    return authToken
        .map(token -> Map.of("Authorization", new Secret("Bearer " + token.reveal())))
        .or(() -> apiKey.map(key -> Map.of("x-api-key", key)))
        .orElse(Map.of());
  }

  Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("anthropic-version", version);
    if (!betas.isEmpty()) {
      headers.put("anthropic-beta", String.join(",", betas));
    }
    return headers;
  }
}
