package dev.kantele.runtime.model.google;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What errors are called by Google: <a
 * href="https://ai.google.dev/gemini-api/docs/troubleshooting">ai.google.dev</a>.
 */
final class GoogleErrors {
  private static final Pattern CONTEXT_EXCEEDED =
      Pattern.compile("exceeds the maximum number of tokens", Pattern.CASE_INSENSITIVE);

  /** It has the status 400, like any other mistake. */
  private static final Pattern BAD_KEY =
      Pattern.compile("API key not valid|API_KEY_INVALID|API key expired");

  /** What does not pass. Limits by the minute also tell of "plan and billing details". */
  private static final Pattern QUOTA =
      Pattern.compile("prepayment|credits are depleted", Pattern.CASE_INSENSITIVE);

  static VendorErrors of(Optional<Secret> key) {
    return new VendorErrors(
        key, GoogleProvider.KEY_SETTING, GoogleProvider.URL_SETTING, GoogleErrors::code);
  }

  private static Optional<String> code(int status, VendorErrors.Said said) {
    if (said.matches(BAD_KEY)) {
      return Optional.of("unauthenticated");
    }
    if (said.matches(CONTEXT_EXCEEDED)) {
      return Optional.of("context_length_exceeded");
    }
    return switch (said.type()) {
      case "RESOURCE_EXHAUSTED" ->
          Optional.of(said.matches(QUOTA) ? "insufficient_quota" : "rate_limited");
      case "UNAVAILABLE", "INTERNAL" -> Optional.of("provider_unavailable");
      case "DEADLINE_EXCEEDED" -> Optional.of("timeout");
      case "UNAUTHENTICATED" -> Optional.of("unauthenticated");
      case "PERMISSION_DENIED" -> Optional.of("forbidden");
      case "NOT_FOUND" -> Optional.of("model_not_found");
      case "INVALID_ARGUMENT", "FAILED_PRECONDITION" ->
          status == 0 ? Optional.of("invalid_request") : Optional.empty();
      default -> Optional.empty();
    };
  }

  private GoogleErrors() {}
}
