package dev.kantele.runtime.model.anthropic;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What errors are called by Anthropic: <a
 * href="https://platform.claude.com/docs/en/api/errors">platform.claude.com</a>.
 */
final class AnthropicErrors {
  private static final Pattern CONTEXT_EXCEEDED =
      Pattern.compile(
          "prompt is too long|exceed context limit|context window", Pattern.CASE_INSENSITIVE);

  /** It has the type {@code invalid_request_error} and the status 400 like any other mistake. */
  private static final Pattern QUOTA =
      Pattern.compile("credit balance is too low|usage limits", Pattern.CASE_INSENSITIVE);

  private static final Pattern FILTERED =
      Pattern.compile("content filtering policy", Pattern.CASE_INSENSITIVE);

  static VendorErrors of(Optional<Secret> key) {
    return new VendorErrors(
        key, AnthropicProvider.KEY_SETTING, AnthropicProvider.URL_SETTING, AnthropicErrors::code);
  }

  private static Optional<String> code(int status, VendorErrors.Said said) {
    boolean invalid = said.has("invalid_request_error") || status == 400;
    if (invalid && said.matches(CONTEXT_EXCEEDED)) {
      return Optional.of("context_length_exceeded");
    }
    if (invalid && said.matches(QUOTA)) {
      return Optional.of("insufficient_quota");
    }
    if (invalid && said.matches(FILTERED)) {
      return Optional.of("content_filter");
    }
    return switch (said.type()) {
      case "overloaded_error", "api_error" -> Optional.of("provider_unavailable");
      case "rate_limit_error" -> Optional.of("rate_limited");
      case "timeout_error" -> Optional.of("timeout");
      case "billing_error" -> Optional.of("insufficient_quota");
      case "authentication_error" -> Optional.of("unauthenticated");
      case "permission_error" -> Optional.of("forbidden");
      case "request_too_large" -> Optional.of("request_too_large");
      // In the middle of an answer there is no status to go by.
      case "not_found_error" -> status == 0 ? Optional.of("model_not_found") : Optional.empty();
      case "invalid_request_error" ->
          status == 0 ? Optional.of("invalid_request") : Optional.empty();
      default -> Optional.empty();
    };
  }

  private AnthropicErrors() {}
}
