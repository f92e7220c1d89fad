package dev.kantele.runtime.model.ollama;

import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.AnswerFormat;
import dev.kantele.runtime.model.http.ModelHttpClient;
import dev.kantele.runtime.model.http.ModelHttpRequest;
import dev.kantele.runtime.model.http.ServerCheck;
import dev.kantele.runtime.model.http.VendorErrors;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The provider {@code ollama}. Which models there are is for the server to say, so any name can be
 * called. Immutable.
 */
final class OllamaProvider implements ModelProvider {
  static final String NAME = "ollama";

  private static final int MAX_MODEL_LENGTH = 200;
  private static final String KEY_SETTING = "OLLAMA_API_KEY";
  private static final String HOST_SETTING = "OLLAMA_HOST";

  private final OllamaSettings settings;
  private final ModelHttpClient client;
  private final VendorErrors errors;

  OllamaProvider(OllamaSettings settings, Clock clock) {
    this.settings = settings;
    this.client = new ModelHttpClient(settings.http(), clock);
    this.errors = OllamaErrors.of(settings.apiKey(), KEY_SETTING, HOST_SETTING);
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
    return settings.isCloud() && settings.apiKey().isEmpty()
        ? Optional.of(
            "ollama.com wants a key; set OLLAMA_API_KEY, or OLLAMA_HOST to the address of your own"
                + " server")
        : Optional.empty();
  }

  @Override
  public CompletionStage<ModelCheck> check(Duration limit) {
    return ServerCheck.run(
        new ServerCheck.Question(
            settings.modelsUrl(),
            Map.of(),
            settings.credentials(),
            KEY_SETTING,
            HOST_SETTING,
            "the address of an Ollama server",
            list -> ServerCheck.names(list.path("models"), "model")),
        limit);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return failed("not_configured", obstacle.get());
    }
    return switch (OllamaRequest.of(request)) {
      case OllamaRequest.Invalid(var message) -> failed("invalid_params", message);
      case OllamaRequest.Body(var json) ->
          client.call(
              NAME,
              new ModelHttpRequest(
                  settings.chatUrl(),
                  Map.of(),
                  settings.credentials(),
                  json.toString(),
                  AnswerFormat.JSON_LINES),
              () -> new OllamaReader(errors),
              errors::refused);
    };
  }

  private static Source<ModelEvent, NotUsed> failed(String code, String message) {
    return Source.single(new ModelEvent.Failed(new Failure(code, message, /* retryable= */ false)));
  }
}
