package dev.kantele.runtime.model.openai;

import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.http.ServerCheck;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Asks a server for the list of its models. */
final class OpenAiCheck {
  static CompletionStage<ModelCheck> run(OpenAiSettings settings, Duration limit) {
    return ServerCheck.run(
        new ServerCheck.Question(
            settings.modelsUrl(),
            Map.of(),
            settings.credentials(),
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "the address up to and including /v1",
            list -> ServerCheck.names(list.path("data"), "id")),
        limit);
  }

  private OpenAiCheck() {}
}
