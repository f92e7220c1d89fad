package dev.kantele.runtime.model.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.ModelCheck;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for the list of its models: whether it is there, and takes the key. It needs no
 * actor system, so that it can be asked before a node is started.
 */
public final class ServerCheck {
  private static final int MAX_LIST_BYTES = 4 * 1024 * 1024;
  private static final int MAX_CAUSES = 10;

  /**
   * Whom to ask, and what to say of it.
   *
   * @param url of the list
   * @param credentials headers whose values are secret
   * @param keySetting where a key is set, as in {@code OPENAI_API_KEY}
   * @param urlSetting where the address is set, as in {@code OPENAI_BASE_URL}
   * @param urlExpected what is to be set there, as in {@code the address up to and including /v1}
   * @param models reads the names of the models from the list; empty if it is none
   */
  public record Question(
      URI url,
      Map<String, String> headers,
      Map<String, Secret> credentials,
      String keySetting,
      String urlSetting,
      String urlExpected,
      Function<JsonNode, Optional<Set<String>>> models) {
    public Question {
      requireNonNull(url, "url");
      headers = Map.copyOf(headers);
      credentials = Map.copyOf(credentials);
      requireNonNull(keySetting, "keySetting");
      requireNonNull(urlSetting, "urlSetting");
      requireNonNull(urlExpected, "urlExpected");
      requireNonNull(models, "models");
    }

    private String server() {
      return url.getScheme() + "://" + url.getRawAuthority();
    }
  }

  /** Reads the names from {@code list}, whose elements have them under {@code field}. */
  public static Optional<Set<String>> names(JsonNode list, String field) {
    if (!list.isArray()) {
      return Optional.empty();
    }
    var names = new HashSet<String>();
    list.forEach(model -> names.add(model.path(field).asText()));
    return Optional.of(names);
  }

  /** The stage does not fail, and completes soon after {@code limit} at the latest. */
  public static CompletionStage<ModelCheck> run(Question question, Duration limit) {
    var client = HttpClient.newBuilder().connectTimeout(limit).build();
    var request =
        HttpRequest.newBuilder(question.url()).timeout(limit).header("Accept", "application/json");
    question.headers().forEach(request::header);
    question.credentials().forEach((name, value) -> request.header(name, value.reveal()));
    return client
        .sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_LIST_BYTES))
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              client.shutdownNow();
              return failure == null
                  ? answered(question, response)
                  : new ModelCheck.Failed(sentence(question, failure, limit), Optional.empty());
            });
  }

  private static ModelCheck answered(Question question, HttpResponse<byte[]> response) {
    URI url = question.url();
    Optional<Instant> time = response.headers().firstValue("Date").flatMap(ServerCheck::instant);
    int status = response.statusCode();
    return switch (status) {
      case 200 ->
          new ModelCheck.Reached(
              AnswerJson.read(new String(response.body(), StandardCharsets.UTF_8))
                  .flatMap(question.models()),
              time);
      // It is there and knows who asks, which is all that is to be found out.
      case 429 -> new ModelCheck.Reached(Optional.empty(), time);
      case 401, 403 ->
          new ModelCheck.Failed(
              "%s refuses the key (%d); set %s to one that is valid there"
                  .formatted(url, status, question.keySetting()),
              time);
      case 404 ->
          new ModelCheck.Failed(
              "there is nothing at %s (404); set %s to %s"
                  .formatted(url, question.urlSetting(), question.urlExpected()),
              time);
      default ->
          new ModelCheck.Failed(
              "%s answers %d; look at that server, or try again later".formatted(url, status),
              time);
    };
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static String sentence(Question question, Throwable failure, Duration limit) {
    String server = question.server();
    String setting = question.urlSetting();
    if (has(failure, HttpTimeoutException.class) || has(failure, TimeoutException.class)) {
      return "%s did not answer within %d s; look at the network and at that server"
          .formatted(server, limit.toSeconds());
    }
    if (has(failure, SSLException.class)) {
      return "the TLS connection to %s could not be made; look at its certificate and at proxies"
          .formatted(server);
    }
    if (has(failure, UnresolvedAddressException.class)) {
      return "the host of %s is unknown; look at %s and at the network".formatted(server, setting);
    }
    if (has(failure, ConnectException.class)) {
      return "there is no connection to %s; start that server, or look at %s and the network"
          .formatted(server, setting);
    }
    return has(failure, IOException.class)
        ? "what %s answers can't be read; look at %s".formatted(server, setting)
        : "%s can't be asked; look at %s".formatted(server, setting);
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

  private ServerCheck() {}
}
