package dev.kantele.runtime.model.anthropic;

import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.ModelHttpClient;
import dev.kantele.runtime.model.http.ModelHttpRequest;
import dev.kantele.runtime.model.http.ServerCheck;
import dev.kantele.runtime.model.http.VendorErrors;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The provider {@code anthropic}: the Messages API, streamed. Which models there are is for the
 * server to say, so any name can be called. Immutable.
 */
final class AnthropicProvider implements ModelProvider {
  static final String NAME = "anthropic";
  static final String KEY_SETTING = "ANTHROPIC_API_KEY";
  static final String URL_SETTING = "ANTHROPIC_BASE_URL";

  private static final int MAX_MODEL_LENGTH = 200;

  private final AnthropicSettings settings;
  private final ModelHttpClient client;
  private final VendorErrors errors;

  AnthropicProvider(AnthropicSettings settings, Clock clock) {
    this.settings = settings;
    this.client = new ModelHttpClient(settings.http(), clock);
    this.errors = AnthropicErrors.of(settings.secret());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> models() {
    return settings.models();
  }

  @Override
  public boolean has(String model) {
    return !model.isBlank() && model.length() <= MAX_MODEL_LENGTH;
  }

  @Override
  public Optional<String> obstacle() {
    return settings.isAnthropic() && settings.secret().isEmpty()
        ? Optional.of(
            "Anthropic wants a key; set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL to the address of"
                + " another server")
        : Optional.empty();
  }

  @Override
  public CompletionStage<ModelCheck> check(Duration limit) {
    return ServerCheck.run(
        new ServerCheck.Question(
            settings.modelsUrl(),
            settings.headers(),
            settings.credentials(),
            KEY_SETTING,
            URL_SETTING,
            "the address without /v1",
            list -> ServerCheck.names(list.path("data"), "id")),
        limit);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return Source.single(VendorErrors.failed("not_configured", obstacle.get(), false));
    }
    return switch (MessagesRequest.of(request, settings)) {
      case MessagesRequest.Invalid(var message) ->
          Source.single(VendorErrors.failed("invalid_params", message, false));
      case MessagesRequest.Body(var json) ->
          client.call(
              NAME,
              new ModelHttpRequest(
                  settings.messagesUrl(),
                  settings.headers(),
                  settings.credentials(),
                  json.toString()),
              () -> new MessagesReader(errors),
              errors::refused);
    };
  }
}
