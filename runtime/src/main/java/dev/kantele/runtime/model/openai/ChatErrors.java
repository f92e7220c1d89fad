package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.Refusal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says what an answer means that is an error. Immutable. */
final class ChatErrors {
  private static final int SHOWN_CHARACTERS = 300;

  /** A key, or what is left of one where it is shown with stars in it. */
  private static final Pattern KEY = Pattern.compile("\\bsk-[A-Za-z0-9_*-]+|\\S*\\*{4,}\\S*");

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+");

  /** What servers that speak the same say in place of OpenAI's code for it. */
  private static final Pattern CONTEXT_EXCEEDED =
      Pattern.compile(
          "context_length_exceeded|exceed_context_size|maximum context length|context window",
          Pattern.CASE_INSENSITIVE);

  private final Optional<Secret> key;

  ChatErrors(Optional<Secret> key) {
    this.key = key;
  }

  /** What a server says of an error, in whatever shape; each is empty if it is not said. */
  private record Said(String code, String type, String message) {
    static Said of(String body) {
      return ChatJson.read(body).map(Said::of).orElseGet(() -> new Said("", "", ""));
    }

    static Said of(JsonNode json) {
      JsonNode error = json.has("error") ? json.get("error") : json;
      if (error.isTextual()) {
        return new Said("", "", error.textValue());
      }
      String message = error.path("message").asText("");
      return new Said(
          error.path("code").asText(""),
          error.path("type").asText(""),
          message.isEmpty() ? error.path("detail").asText("") : message);
    }

    boolean has(String word) {
      return code.equals(word) || type.equals(word);
    }

    boolean isContextExceeded() {
      return CONTEXT_EXCEEDED.matcher(code + " " + type + " " + message).find();
    }
  }

  /** What {@code refusal} means. */
  ModelEvent.Failed refused(Refusal refusal) {
    Said said = Said.of(refusal.body());
    Failure failure = failure(refusal, said);
    boolean retryable = refusal.shouldRetry().orElse(failure.retryable());
    if (failure.code().equals("insufficient_quota")) {
      retryable = false;
    }
    return new ModelEvent.Failed(
        new Failure(failure.code(), failure.message(), retryable),
        retryable ? refusal.retryAfter() : Optional.empty());
  }

  private Failure failure(Refusal refusal, Said said) {
    int status = refusal.status();
    if (said.has("insufficient_quota") || status == 402) {
      return failure("insufficient_quota", "the account's quota is used up", refusal, said, false);
    }
    if ((status == 400 || status == 413 || status == 422 || status == 500)
        && said.isContextExceeded()) {
      return failure(
          "context_length_exceeded",
          "the conversation is longer than the model takes",
          refusal,
          said,
          false);
    }
    return switch (status) {
      case 401 ->
          // Whatever else is said may quote the key.
          new Failure(
              "unauthenticated",
              "the server does not take the key (401); check OPENAI_API_KEY",
              /* retryable= */ false);
      case 403 -> failure("forbidden", "the server forbids the call", refusal, said, false);
      case 404 ->
          failure(
              "model_not_found",
              "the server has no such model, or OPENAI_BASE_URL is not its address",
              refusal,
              said,
              false);
      case 408 -> failure("timeout", "the server gave up", refusal, said, true);
      case 413 -> failure("request_too_large", "the request is too large", refusal, said, false);
      case 429 -> failure("rate_limited", "the server wants fewer calls", refusal, said, true);
      default -> byClass(refusal, said);
    };
  }

  private Failure byClass(Refusal refusal, Said said) {
    int status = refusal.status();
    if (status >= 500) {
      return failure("provider_unavailable", "the server failed", refusal, said, true);
    }
    if (status >= 400) {
      boolean passes = status == 409 || status == 425;
      return failure("invalid_request", "the server refused the call", refusal, said, passes);
    }
    if (status >= 300) {
      return failure(
          "provider_error",
          "the server is elsewhere; correct OPENAI_BASE_URL",
          refusal,
          said,
          false);
    }
    return failure(
        "provider_error",
        "the server answered with " + printable(refusal.mediaType()) + ", which is no event stream",
        refusal,
        said,
        false);
  }

  private Failure failure(String code, String what, Refusal refusal, Said said, boolean retryable) {
    var message = new StringBuilder(what).append(" (").append(refusal.status());
    refusal.requestId().ifPresent(id -> message.append(", request ").append(printable(id)));
    message.append(')');
    if (!said.message().isBlank()) {
      message.append(": ").append(printable(said.message()));
    }
    return new Failure(code, message.toString(), retryable);
  }

  /** What an error means that comes in the middle of an answer. */
  ModelEvent.Failed inStream(JsonNode json) {
    Said said = Said.of(json);
    String message =
        said.message().isBlank()
            ? "the server broke off its answer"
            : "the server broke off its answer: " + printable(said.message());
    if (said.has("insufficient_quota")) {
      return failed("insufficient_quota", message, false);
    }
    if (said.isContextExceeded()) {
      return failed("context_length_exceeded", message, false);
    }
    if (said.has("rate_limit_exceeded") || said.code().equals("429")) {
      return failed("rate_limited", message, true);
    }
    boolean ours =
        said.has("invalid_request_error")
            || said.type().equals("BadRequestError")
            || said.code().matches("4\\d\\d");
    return failed(ours ? "invalid_request" : "provider_error", message, !ours);
  }

  static ModelEvent.Failed failed(String code, String message, boolean retryable) {
    return new ModelEvent.Failed(new Failure(code, message, retryable));
  }

  /** One line that can be shown to anybody. */
  private String printable(String text) {
    String secretless = key.map(secret -> text.replace(secret.reveal(), "***")).orElse(text);
    String line =
        KEY.matcher(UNPRINTABLE.matcher(secretless).replaceAll(" ")).replaceAll("***").strip();
    return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, cut(line)) + "…";
  }

  /* Not in the middle of a character. */
  private static int cut(String line) {
    return Character.isHighSurrogate(line.charAt(SHOWN_CHARACTERS - 1))
        ? SHOWN_CHARACTERS - 1
        : SHOWN_CHARACTERS;
  }
}
