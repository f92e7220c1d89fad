package dev.kantele.runtime.model.ollama;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.VendorErrors;
import java.util.Optional;
import java.util.regex.Pattern;

/** What errors mean of a server that says nothing of them but a sentence. */
final class OllamaErrors {
  private static final Pattern CONTEXT_EXCEEDED =
      Pattern.compile(
          "exceeds? the (maximum )?context length|maximum context length|exceeds maximum context",
          Pattern.CASE_INSENSITIVE);

  static VendorErrors of(Optional<Secret> key, String keySetting, String urlSetting) {
    return new VendorErrors(
        key,
        keySetting,
        urlSetting,
        (status, said) ->
            status < 404 && said.matches(CONTEXT_EXCEEDED)
                ? Optional.of("context_length_exceeded")
                : Optional.empty());
  }

  private OllamaErrors() {}
}
