package dev.kantele.runtime.model.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * An answer that is no event stream.
 *
 * @param status the HTTP status, also a success
 * @param mediaType what the body is said to be, as in {@code application/json}
 * @param body the begin of the body, as text
 * @param retryAfter how long the vendor wants to be left alone; not negative
 * @param shouldRetry what the vendor thinks of another attempt ({@code x-should-retry})
 * @param requestId the vendor's name of the call, for its support
 */
public record Refusal(
    int status,
    String mediaType,
    String body,
    Optional<Duration> retryAfter,
    Optional<Boolean> shouldRetry,
    Optional<String> requestId) {
  public Refusal {
    requireNonNull(mediaType, "mediaType");
    requireNonNull(body, "body");
    requireNonNull(retryAfter, "retryAfter");
    requireNonNull(shouldRetry, "shouldRetry");
    requireNonNull(requestId, "requestId");
  }
}
