package dev.kantele.runtime.model.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.ModelEvent;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says what an answer means that is an error: by what the vendor says of it, and else by its
 * status. Nothing that it says holds a key. Immutable.
 */
public final class VendorErrors {
  private static final int SHOWN_CHARACTERS = 300;

  /** A key or a token, or what is left of one where it is shown with stars in it. */
  private static final Pattern KEY =
      Pattern.compile(
          "\\bsk-[A-Za-z0-9_*-]+|\\bAIza[A-Za-z0-9_-]+|\\bya29\\.[A-Za-z0-9_.-]+|\\S*\\*{4,}\\S*");

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+");

  /**
   * What a server says of an error, in whatever shape; each is empty if it is not said.
   *
   * @param code the vendor's code
   * @param type the vendor's type, or status word
   * @param message a text for people
   */
  public record Said(String code, String type, String message) {
    private static final Said NOTHING = new Said("", "", "");

    public Said {
      requireNonNull(code, "code");
      requireNonNull(type, "type");
      requireNonNull(message, "message");
    }

    private static Said of(String body) {
      return AnswerJson.read(body).map(Said::of).orElse(NOTHING);
    }

    private static Said of(JsonNode json) {
      JsonNode error = json.has("error") ? json.get("error") : json;
      if (error.isTextual()) {
        return new Said("", "", error.textValue());
      }
      String message = error.path("message").asText("");
      String type = error.path("type").asText("");
      return new Said(
          error.path("code").asText(""),
          type.isEmpty() ? error.path("status").asText("") : type,
          message.isEmpty() ? error.path("detail").asText("") : message);
    }

    /** Whether the code or the type is {@code word}. */
    public boolean has(String word) {
      return code.equals(word) || type.equals(word);
    }

    /** Whether {@code pattern} is found anywhere in it. */
    public boolean matches(Pattern pattern) {
      return pattern.matcher(code + " " + type + " " + message).find();
    }
  }

  /** What a vendor calls things. */
  @FunctionalInterface
  public interface Vocabulary {
    /**
     * Returns the code of the failure, one of the table in {@code docs/models.md}, if the vendor's
     * words say more than the status does.
     *
     * @param status the HTTP status; 0 in the middle of an answer
     */
    Optional<String> code(int status, Said said);
  }

  private final Optional<Secret> key;
  private final String keySetting;
  private final String urlSetting;
  private final Vocabulary vocabulary;

  /**
   * What errors mean in {@code vocabulary}.
   *
   * @param key what no message may hold
   * @param keySetting where a key is set, as in {@code OPENAI_API_KEY}
   * @param urlSetting where the address is set, as in {@code OPENAI_BASE_URL}
   */
  public VendorErrors(
      Optional<Secret> key, String keySetting, String urlSetting, Vocabulary vocabulary) {
    this.key = requireNonNull(key, "key");
    this.keySetting = requireNonNull(keySetting, "keySetting");
    this.urlSetting = requireNonNull(urlSetting, "urlSetting");
    this.vocabulary = requireNonNull(vocabulary, "vocabulary");
  }

  /** Returns what {@code refusal} means. */
  public ModelEvent.Failed refused(Refusal refusal) {
    Said said = Said.of(refusal.body());
    int status = refusal.status();
    String code = vocabulary.code(status, said).orElseGet(() -> byStatus(status));
    boolean retryable =
        !code.equals("insufficient_quota")
            && refusal.shouldRetry().orElse(passes(code) || status == 409 || status == 425);
    return new ModelEvent.Failed(
        new Failure(code, sentence(code, refusal, said), retryable),
        retryable ? refusal.retryAfter() : Optional.empty());
  }

  private static String byStatus(int status) {
    return switch (status) {
      case 401 -> "unauthenticated";
      case 402 -> "insufficient_quota";
      case 403 -> "forbidden";
      case 404 -> "model_not_found";
      case 408 -> "timeout";
      case 413 -> "request_too_large";
      case 429 -> "rate_limited";
      default ->
          status >= 500
              ? "provider_unavailable"
              : status >= 400 ? "invalid_request" : "provider_error";
    };
  }

  private static boolean passes(String code) {
    return switch (code) {
      case "rate_limited", "provider_unavailable", "timeout" -> true;
      default -> false;
    };
  }

  private String sentence(String code, Refusal refusal, Said said) {
    if (code.equals("unauthenticated")) {
      // Whatever else is said may quote the key.
      return "the server does not take the key (%d); check %s"
          .formatted(refusal.status(), keySetting);
    }
    var message = new StringBuilder(what(code, refusal)).append(" (").append(refusal.status());
    refusal.requestId().ifPresent(id -> message.append(", request ").append(printable(id)));
    message.append(')');
    if (!said.message().isBlank()) {
      message.append(": ").append(printable(said.message()));
    }
    return message.toString();
  }

  private String what(String code, Refusal refusal) {
    return switch (code) {
      case "insufficient_quota" -> "the account's quota is used up";
      case "context_length_exceeded" -> "the conversation is longer than the model takes";
      case "content_filter" -> "the vendor's filter does not let it pass";
      case "forbidden" -> "the server forbids the call";
      case "model_not_found" ->
          "the server has no such model, or %s is not its address".formatted(urlSetting);
      case "timeout" -> "the server gave up";
      case "request_too_large" -> "the request is too large";
      case "rate_limited" -> "the server wants fewer calls";
      case "provider_unavailable" -> "the server failed";
      case "invalid_request" -> "the server refused the call";
      default ->
          refusal.status() >= 300
              ? "the server is elsewhere; correct " + urlSetting
              : "the server answered with "
                  + printable(refusal.mediaType())
                  + ", which is no event stream";
    };
  }

  /** Returns what an error means that comes in the middle of an answer. */
  public ModelEvent.Failed inStream(JsonNode json) {
    Said said = Said.of(json);
    String code = vocabulary.code(0, said).orElse("provider_error");
    if (code.equals("unauthenticated")) {
      return failed(code, "the server does not take the key; check " + keySetting, false);
    }
    return failed(
        code,
        said.message().isBlank()
            ? "the server broke off its answer"
            : "the server broke off its answer: " + printable(said.message()),
        passes(code) || code.equals("provider_error"));
  }

  /** Returns a failure of which the vendor says nothing. */
  public static ModelEvent.Failed failed(String code, String message, boolean retryable) {
    return new ModelEvent.Failed(new Failure(code, message, retryable));
  }

  /** Returns {@code text} as one line that can be shown to anybody. */
  public String printable(String text) {
    String secretless =
        key.map(Secret::reveal)
            .filter(secret -> !secret.isEmpty())
            .map(secret -> text.replace(secret, "***"))
            .orElse(text);
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
