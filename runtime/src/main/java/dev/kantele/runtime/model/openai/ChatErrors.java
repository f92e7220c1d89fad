package dev.kantele.runtime.model.openai;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.Optional;
import java.util.regex.Pattern;

/** What errors are called by OpenAI, and by servers that speak the same. */
final class ChatErrors {
  /** What servers that speak the same say in place of OpenAI's code for it. */
  private static final Pattern CONTEXT_EXCEEDED =
      Pattern.compile(
          "context_length_exceeded|exceed_context_size|maximum context length|context window",
          Pattern.CASE_INSENSITIVE);

  /** Codes of the Responses wire for what another call can't mend. */
  private static final Pattern INVALID =
      Pattern.compile("^(invalid_|image_|unsupported_|empty_image|failed_to_download_image)");

  static VendorErrors of(Optional<Secret> key) {
    return of(key, "OPENAI_API_KEY", "OPENAI_BASE_URL");
  }

  /** The same of another vendor whose settings have these names. */
  static VendorErrors of(Optional<Secret> key, String keySetting, String urlSetting) {
    return new VendorErrors(key, keySetting, urlSetting, ChatErrors::code);
  }

  private static Optional<String> code(int status, VendorErrors.Said said) {
    if (said.has("insufficient_quota")) {
      return Optional.of("insufficient_quota");
    }
    if (canBeOfLength(status) && said.matches(CONTEXT_EXCEEDED)) {
      return Optional.of("context_length_exceeded");
    }
    // The latter as said by Azure.
    if (said.has("content_policy_violation") || said.has("content_filter")) {
      return Optional.of("content_filter");
    }
    if (status > 0) {
      return Optional.empty();
    }
    if (said.has("rate_limit_exceeded") || said.code().equals("429")) {
      return Optional.of("rate_limited");
    }
    boolean ours =
        said.has("invalid_request_error")
            || said.type().equals("BadRequestError")
            || said.code().matches("4\\d\\d")
            || INVALID.matcher(said.code()).find();
    return ours ? Optional.of("invalid_request") : Optional.empty();
  }

  private static boolean canBeOfLength(int status) {
    return status == 0 || status == 400 || status == 413 || status == 422 || status == 500;
  }

  private ChatErrors() {}
}
