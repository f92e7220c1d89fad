package dev.kantele.runtime.model.bedrock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.Refusal;
import dev.kantele.runtime.model.http.VendorErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Says what went wrong with a call: what Bedrock answers, or what the SDK throws. */
final class BedrockErrors {
  private static final int MAX_CAUSES = 10;
  private static final int MIN_STATUS = 300;
  private static final int MAX_STATUS = 599;

  private static final Pattern CONTEXT_EXCEEDED =
      Pattern.compile(
          "input is too long|too many (input )?tokens|maximum context length|context window"
              + "|prompt is too long",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FILTERED =
      Pattern.compile("content filter|guardrail", Pattern.CASE_INSENSITIVE);

  private static final VendorErrors ERRORS =
      new VendorErrors(
          Optional.empty(),
          "the AWS credentials (AWS_ACCESS_KEY_ID, AWS_PROFILE or a role)",
          "AWS_REGION",
          BedrockErrors::code);

  private static Optional<String> code(int status, VendorErrors.Said said) {
    return switch (said.type()) {
      case "ThrottlingException", "ModelNotReadyException" -> Optional.of("rate_limited");
      case "ServiceQuotaExceededException" -> Optional.of("insufficient_quota");
      case "UnrecognizedClientException",
          "InvalidSignatureException",
          "ExpiredTokenException",
          "IncompleteSignatureException" ->
          Optional.of("unauthenticated");
      case "ModelTimeoutException" -> Optional.of("timeout");
      case "ServiceUnavailableException", "InternalServerException", "ModelErrorException" ->
          Optional.of("provider_unavailable");
      case "ValidationException" ->
          said.matches(CONTEXT_EXCEEDED)
              ? Optional.of("context_length_exceeded")
              : said.matches(FILTERED)
                  ? Optional.of("content_filter")
                  : Optional.of("invalid_request");
      // Among them ModelStreamErrorException, in the middle of an answer.
      default -> Optional.empty();
    };
  }

  /** What {@code failure} means; {@code answering} if an event had come by then. */
  static ModelEvent.Failed of(Throwable failure, boolean answering) {
    @Nullable Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof AwsServiceException refused) {
        return refused(refused, answering);
      }
      cause = cause.getCause();
    }
    if (has(failure, TimeoutException.class)) {
      return VendorErrors.failed(
          "timeout",
          answering
              ? "Bedrock fell silent in the middle of its answer"
              : "Bedrock did not begin to answer in time",
          /* retryable= */ true);
    }
    if (failure instanceof SdkClientException && says(failure, "credentials")) {
      return VendorErrors.failed(
          "unauthenticated",
          "there are no AWS credentials that can be used; set AWS_ACCESS_KEY_ID and"
              + " AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
          /* retryable= */ false);
    }
    if (says(failure, "region")) {
      return VendorErrors.failed(
          "not_configured", "there is no AWS region; set AWS_REGION", /* retryable= */ false);
    }
    if (has(failure, IOException.class)) {
      return VendorErrors.failed(
          "network",
          answering ? "the connection to Bedrock broke" : "there is no connection to Bedrock",
          /* retryable= */ true);
    }
    return unreadable();
  }

  private static ModelEvent.Failed unreadable() {
    return VendorErrors.failed(
        "provider_error", "what Bedrock answers can't be read", /* retryable= */ true);
  }

  private static ModelEvent.Failed refused(AwsServiceException refused, boolean answering) {
    @Nullable AwsErrorDetails details = refused.awsErrorDetails();
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    if (details != null) {
      said.put("type", details.errorCode()).put("message", details.errorMessage());
    }
    if (answering) {
      return ERRORS.inStream(said);
    }
    if (refused.statusCode() < MIN_STATUS || refused.statusCode() > MAX_STATUS) {
      // The SDK's number for what is no HTTP.
      return unreadable();
    }
    Optional<Duration> retryAfter =
        Optional.ofNullable(details)
            .map(AwsErrorDetails::sdkHttpResponse)
            .flatMap(response -> response.firstMatchingHeader("Retry-After"))
            .filter(seconds -> seconds.matches("[0-9]{1,9}"))
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    return ERRORS.refused(
        new Refusal(
            refused.statusCode(),
            "application/json",
            said.toString(),
            retryAfter,
            Optional.empty(),
            Optional.ofNullable(refused.requestId())));
  }

  private static boolean says(Throwable failure, String word) {
    return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(word);
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

  private BedrockErrors() {}
}
