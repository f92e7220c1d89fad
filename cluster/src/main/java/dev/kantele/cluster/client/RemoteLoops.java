package dev.kantele.cluster.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.cluster.access.AccessException;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.client.ClientSettings;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.protocol.codec.WireFormatException;
import dev.kantele.protocol.codec.WireMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * What a node tells of its poll loops: {@code GET /v1/loops}, described at {@code
 * /v1/openapi.json}. Thread-safe.
 */
public final class RemoteLoops implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** A loop takes about 2 KiB. */
  private static final long MOST_BYTES = 4 << 20;

  private static final int OK = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final String url;
  private final HttpRequest request;

  /**
   * Of the node at {@code url}; nothing is asked yet.
   *
   * @param token what makes this client known to the node
   * @throws IllegalArgumentException if {@code url} is no address
   */
  public RemoteLoops(String url, Optional<Secret> token) {
    this.url = ClientSettings.of(url).url();
    String address = url.replaceFirst("^(?i:ws)", "http").replaceFirst("/+$", "");
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(address + "/v1/loops")).timeout(LIMIT);
    token.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret.reveal()));
    this.request = builder.build();
  }

  /**
   * Asks the node, and waits for its answer for ten seconds at the most.
   *
   * @return {@code Loops} of the description; its {@code loops} is an array, with an entry a loop,
   *     and none on the portable transport
   * @throws AccessException if no node answers, or it refuses, or tells something else
   */
  public JsonNode ask() {
    HttpResponse<byte[]> response = send();
    if (response.statusCode() != OK) {
      throw refused(response);
    }
    try {
      JsonNode told = WireMapper.json().readTree(response.body());
      if (told.path("loops").isArray()) {
        return told;
      }
      throw AccessException.broken("what " + url + " tells of its loops is no list of loops");
    } catch (JacksonException _) {
      throw AccessException.broken("what " + url + " tells of its loops is no JSON");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private HttpResponse<byte[]> send() {
    try {
      return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    } catch (HttpTimeoutException _) {
      throw AccessException.broken(
          "the node at %s has not answered in %d s".formatted(url, LIMIT.toSeconds()));
    } catch (IOException _) {
      throw AccessException.unreachable("no node answers at " + url);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failures.interrupted();
    }
  }

  private AccessException refused(HttpResponse<byte[]> response) {
    try {
      if (new WireCodec().decodeReply(response.body()) instanceof Reply.Nack nack) {
        return AccessException.refused(nack.error());
      }
    } catch (WireFormatException _) {
      // It is not from this version of Kantele, or something stands between.
    }
    return AccessException.broken(
        "%s answered with the HTTP status %d (expected: 200); it may be an older node, or none"
            .formatted(request.uri(), response.statusCode()));
  }

  @Override
  public void close() {
    http.close();
  }
}
