package dev.kantele.runtime.model.openai;

import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.ModelHttpClient;
import dev.kantele.runtime.model.http.ModelHttpRequest;
import dev.kantele.runtime.model.http.VendorErrors;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The provider {@code openai}: chat completions, streamed. Which models there are is for the server
 * to say, so any name can be called. Immutable.
 */
final class OpenAiProvider implements ModelProvider {
  static final String NAME = "openai";

  private static final int MAX_MODEL_LENGTH = 200;

  private final OpenAiSettings settings;
  private final ModelHttpClient client;
  private final VendorErrors errors;

  OpenAiProvider(OpenAiSettings settings, Clock clock) {
    this.settings = settings;
    this.client = new ModelHttpClient(settings.http(), clock);
    this.errors = ChatErrors.of(settings.apiKey());
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
    return settings.isOpenAi() && settings.apiKey().isEmpty()
        ? Optional.of(
            "OpenAI wants a key; set OPENAI_API_KEY, or OPENAI_BASE_URL to the address of another"
                + " server, up to and including /v1")
        : Optional.empty();
  }

  @Override
  public CompletionStage<ModelCheck> check(Duration limit) {
    return OpenAiCheck.run(settings, limit);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return failed("not_configured", obstacle.get());
    }
    return switch (ChatRequest.of(request, settings.isOpenAi())) {
      case ChatRequest.Invalid(var message) -> failed("invalid_params", message);
      case ChatRequest.Body(var json) ->
          client.call(
              NAME,
              new ModelHttpRequest(
                  settings.completionsUrl(), settings.credentials(), json.toString()),
              () -> new ChatReader(errors),
              errors::refused);
    };
  }

  private static Source<ModelEvent, NotUsed> failed(String code, String message) {
    return Source.single(new ModelEvent.Failed(new Failure(code, message, /* retryable= */ false)));
  }
}
