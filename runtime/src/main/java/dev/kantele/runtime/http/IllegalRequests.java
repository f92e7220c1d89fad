package dev.kantele.runtime.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is no HTTP (RFC 9112), in place of pekko-http's own handler: in JSON, and without a
 * line in the log, to which strangers could write whatever they like. pekko-http makes it by its
 * name in the configuration.
 */
final class IllegalRequests extends ParsingErrorHandler {
  private static final int TOO_LARGE = 413;
  private static final int URI_TOO_LONG = 414;
  private static final int HEADER_TOO_LARGE = 431;

  /* The summary is a sentence of pekko-http's; what was sent, as it was sent, is in the detail. */
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    String code =
        switch (status.intValue()) {
          case TOO_LARGE, URI_TOO_LONG, HEADER_TOO_LARGE -> "limit_exceeded";
          default -> "invalid_message";
        };
    /* Where a connection comes from is a proxy's address, behind one. */
    String summary = error.summary().replaceFirst(" from \\S+$", "");
    String message = summary.isEmpty() ? "The request is not HTTP as it should be" : summary;
    return JsonResponse.error(status, code, message.endsWith(".") ? message : message + ".");
  }
}
