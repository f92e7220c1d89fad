package dev.kantele.runtime.model.google;

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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The provider {@code google}: the Gemini API, streamed. Which models there are is for the server
 * to say, so any name of a path's kind can be called. Immutable.
 */
final class GoogleProvider implements ModelProvider {
  static final String NAME = "google";
  static final String KEY_SETTING = "GEMINI_API_KEY";
  static final String URL_SETTING = "GOOGLE_GEMINI_BASE_URL";

  private final GoogleSettings settings;
  private final ModelHttpClient client;
  private final VendorErrors errors;

  GoogleProvider(GoogleSettings settings, Clock clock) {
    this.settings = settings;
    this.client = new ModelHttpClient(settings.http(), clock);
    this.errors = GoogleErrors.of(settings.apiKey());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> models() {
    return settings.models();
  }

  /** The name goes into the address of the call. */
  @Override
  public boolean has(String model) {
    return model.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  }

  @Override
  public Optional<String> obstacle() {
    return settings.isGoogle() && settings.apiKey().isEmpty()
        ? Optional.of(
            "Google wants a key; set GEMINI_API_KEY, or GOOGLE_GEMINI_BASE_URL to the address of"
                + " another server")
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
            URL_SETTING,
            "the address without /v1beta",
            list ->
                ServerCheck.names(list.path("models"), "name")
                    .map(
                        names ->
                            names.stream()
                                .map(name -> name.replaceFirst("^models/", ""))
                                .collect(Collectors.toSet()))),
        limit);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return Source.single(VendorErrors.failed("not_configured", obstacle.get(), false));
    }
    return switch (GenerateRequest.of(request, settings.includeThoughts())) {
      case GenerateRequest.Invalid(var message) ->
          Source.single(VendorErrors.failed("invalid_params", message, false));
      case GenerateRequest.Body(var json) ->
          client.call(
              NAME,
              new ModelHttpRequest(
                  settings.streamUrl(request.model()), settings.credentials(), json.toString()),
              () -> new GenerateReader(errors),
              errors::refused);
    };
  }
}
