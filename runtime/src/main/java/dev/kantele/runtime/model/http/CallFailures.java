package dev.kantele.runtime.model.http;

import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.ModelEvent;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.apache.pekko.http.scaladsl.model.IllegalResponseException;

/** Failures of calls that have nothing to do with what the vendor answers; each one sentence. */
final class CallFailures {
  private static final int MAX_CAUSES = 10;

  /** Who was called, as in {@code openai at https://api.openai.com}. */
  private final String vendor;

  private final Duration connectTimeout;

  CallFailures(String vendor, Duration connectTimeout) {
    this.vendor = vendor;
    this.connectTimeout = connectTimeout;
  }

  ModelEvent tooManyCalls(int most) {
    return failed(
        "rate_limited", "%s is being called %d times already".formatted(vendor, most), true);
  }

  ModelEvent noFirstEvent(Duration limit) {
    return failed(
        "timeout",
        "%s did not begin to answer within %s".formatted(vendor, seconds(limit)),
        /* retryable= */ true);
  }

  ModelEvent silent(Duration limit) {
    return failed(
        "timeout",
        "%s fell silent for %s in the middle of its answer".formatted(vendor, seconds(limit)),
        /* retryable= */ true);
  }

  ModelEvent incomplete() {
    return failed(
        "incomplete",
        "%s ended its answer without a finish".formatted(vendor),
        /* retryable= */ true);
  }

  ModelEvent tooLarge(int maxEventBytes) {
    return failed(
        "limit_exceeded",
        "%s sent an event of more than %d bytes".formatted(vendor, maxEventBytes),
        /* retryable= */ false);
  }

  /** The connection failed; {@code answering} if an event had come by then. */
  ModelEvent broken(Throwable cause, boolean answering) {
    if (has(cause, CertificateException.class)) {
      return failed(
          "network",
          "the certificate of %s is not for that host, or of nobody whom this machine trusts"
              .formatted(vendor),
          /* retryable= */ false);
    }
    if (has(cause, SSLException.class)) {
      return failed(
          "network",
          "the TLS connection to %s could not be made or kept".formatted(vendor),
          /* retryable= */ answering);
    }
    if (isOutOfTime(cause)) {
      return failed(
          "timeout",
          "%s did not take a connection within %s".formatted(vendor, seconds(connectTimeout)),
          /* retryable= */ true);
    }
    if (has(cause, UnknownHostException.class)) {
      return failed("network", "the host of %s is unknown".formatted(vendor), true);
    }
    if (has(cause, IllegalResponseException.class)) {
      return failed("provider_error", "what %s answers is not HTTP".formatted(vendor), true);
    }
    return answering
        ? failed("network", "the connection to %s broke".formatted(vendor), true)
        : failed("network", "there is no connection to %s".formatted(vendor), true);
  }

  /* Pekko has no class of its own for it. */
  private static boolean isOutOfTime(Throwable failure) {
    return any(failure, cause -> String.valueOf(cause.getMessage()).contains("Connect timeout of"));
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> wanted) {
    return any(failure, wanted::isInstance);
  }

  private static boolean any(Throwable failure, Predicate<Throwable> wanted) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (wanted.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static ModelEvent failed(String code, String message, boolean retryable) {
    return new ModelEvent.Failed(new Failure(code, message, retryable));
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
