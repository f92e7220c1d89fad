package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.http.AnswerJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for the list of its models: whether it is there, and takes the key. It needs no
 * actor system, so that it can be asked before a node is started.
 */
final class OpenAiCheck {
  private static final int MAX_LIST_BYTES = 4 * 1024 * 1024;
  private static final int MAX_CAUSES = 10;

  /** The stage does not fail, and completes soon after {@code limit} at the latest. */
  static CompletionStage<ModelCheck> run(OpenAiSettings settings, Duration limit) {
    URI url = settings.modelsUrl();
    var client = HttpClient.newBuilder().connectTimeout(limit).build();
    var request = HttpRequest.newBuilder(url).timeout(limit).header("Accept", "application/json");
    settings.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key.reveal()));
    return client
        .sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_LIST_BYTES))
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              client.shutdownNow();
              return failure == null
                  ? answered(url, response)
                  : new ModelCheck.Failed(sentence(url, failure, limit), Optional.empty());
            });
  }

  private static ModelCheck answered(URI url, HttpResponse<byte[]> response) {
    Optional<Instant> time = response.headers().firstValue("Date").flatMap(OpenAiCheck::instant);
    int status = response.statusCode();
    return switch (status) {
      case 200 -> new ModelCheck.Reached(models(response.body()), time);
      // It is there and knows who asks, which is all that is to be found out.
      case 429 -> new ModelCheck.Reached(Optional.empty(), time);
      case 401, 403 ->
          new ModelCheck.Failed(
              "%s refuses the key (%d); set OPENAI_API_KEY to one that is valid there"
                  .formatted(url, status),
              time);
      case 404 ->
          new ModelCheck.Failed(
              "there is nothing at %s (404); set OPENAI_BASE_URL to the address up to and including /v1"
                  .formatted(url),
              time);
      default ->
          new ModelCheck.Failed(
              "%s answers %d; look at that server, or try again later".formatted(url, status),
              time);
    };
  }

  private static Optional<Set<String>> models(byte[] body) {
    return AnswerJson.read(new String(body, StandardCharsets.UTF_8))
        .map(json -> json.path("data"))
        .filter(JsonNode::isArray)
        .map(
            list -> {
              var ids = new HashSet<String>();
              list.forEach(model -> ids.add(model.path("id").asText()));
              return ids;
            });
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static String sentence(URI url, Throwable failure, Duration limit) {
    String server = url.getScheme() + "://" + url.getRawAuthority();
    if (has(failure, HttpTimeoutException.class) || has(failure, TimeoutException.class)) {
      return "%s did not answer within %d s; look at the network and at that server"
          .formatted(server, limit.toSeconds());
    }
    if (has(failure, SSLException.class)) {
      return "the TLS connection to %s could not be made; look at its certificate and at proxies"
          .formatted(server);
    }
    if (has(failure, UnresolvedAddressException.class)) {
      return "the host of %s is unknown; look at OPENAI_BASE_URL and at the network"
          .formatted(server);
    }
    if (has(failure, ConnectException.class)) {
      return "there is no connection to %s; start that server, or look at OPENAI_BASE_URL and the network"
          .formatted(server);
    }
    return has(failure, IOException.class)
        ? "what %s answers can't be read; look at OPENAI_BASE_URL".formatted(server)
        : "%s can't be asked; look at OPENAI_BASE_URL".formatted(server);
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> wanted) {
    @Nullable Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (wanted.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private OpenAiCheck() {}
}
