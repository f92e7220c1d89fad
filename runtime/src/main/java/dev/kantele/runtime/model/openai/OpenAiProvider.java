package dev.kantele.runtime.model.openai;

import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.ModelHttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The provider {@code openai}: Responses or chat completions, streamed. Which models there are is
 * for the server to say, so any name can be called. Immutable.
 */
final class OpenAiProvider implements ModelProvider {
  static final String NAME = "openai";

  private static final int MAX_MODEL_LENGTH = 200;

  private final OpenAiSettings settings;
  private final OpenAiCalls calls;

  OpenAiProvider(OpenAiSettings settings, Clock clock) {
    this.settings = settings;
    this.calls =
        new OpenAiCalls(
            NAME,
            settings.wire(),
            settings.isOpenAi(),
            new ModelHttpClient(settings.http(), clock),
            ChatErrors.of(settings.apiKey()));
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
      return OpenAiCalls.failed("not_configured", obstacle.get());
    }
    return calls.stream(request, settings.callUrl(), settings.credentials());
  }
}
