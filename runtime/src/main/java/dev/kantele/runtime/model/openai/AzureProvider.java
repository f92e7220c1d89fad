package dev.kantele.runtime.model.openai;

import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.ModelHttpClient;
import dev.kantele.runtime.model.http.ServerCheck;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The provider {@code azure}: the deployments of one Azure OpenAI resource, by OpenAI's own wires.
 * The name of a model is that of its deployment, which is the user's to choose. Immutable.
 */
final class AzureProvider implements ModelProvider {
  static final String NAME = "azure";

  private static final String KEY_SETTING = "AZURE_OPENAI_API_KEY";
  private static final int MAX_DEPLOYMENT_LENGTH = 200;

  private final AzureSettings settings;
  private final OpenAiCalls calls;

  AzureProvider(AzureSettings settings, Clock clock) {
    this.settings = settings;
    this.calls =
        new OpenAiCalls(
            NAME,
            settings.wire(),
            /* vendor= */ true,
            new ModelHttpClient(settings.http(), clock),
            ChatErrors.of(
                settings.token().or(settings::apiKey), KEY_SETTING, "AZURE_OPENAI_ENDPOINT"));
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
    return !model.isBlank() && model.length() <= MAX_DEPLOYMENT_LENGTH;
  }

  @Override
  public Optional<String> obstacle() {
    if (settings.endpoint().isEmpty()) {
      return Optional.of(
          "Azure OpenAI has no address; set AZURE_OPENAI_ENDPOINT to that of your resource, such as"
              + " https://my-resource.openai.azure.com");
    }
    return settings.credentials().isEmpty()
        ? Optional.of(
            "Azure OpenAI wants a key; set AZURE_OPENAI_API_KEY, or AZURE_OPENAI_AD_TOKEN to a token"
                + " of Microsoft Entra")
        : Optional.empty();
  }

  @Override
  public CompletionStage<ModelCheck> check(Duration limit) {
    return obstacle()
        .<CompletionStage<ModelCheck>>map(
            what -> CompletableFuture.completedStage(new ModelCheck.Failed(what, Optional.empty())))
        .orElseGet(
            () ->
                // The list is that of models, and names no deployment.
                ServerCheck.run(
                    new ServerCheck.Question(
                        settings.modelsUrl(),
                        Map.of(),
                        settings.credentials(),
                        KEY_SETTING,
                        "AZURE_OPENAI_ENDPOINT",
                        "the address of your resource, without a path",
                        _ -> Optional.empty()),
                    limit));
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return obstacle()
        .map(what -> OpenAiCalls.failed("not_configured", what))
        .orElseGet(
            () -> calls.stream(request, settings.callUrl(request.model()), settings.credentials()));
  }
}
