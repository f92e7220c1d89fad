package dev.kantele.runtime.http;

import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** What is answered under which path. */
final class Routes {
  private final WebSocketUpgrades webSockets;
  private final BooleanSupplier ready;

  Routes(WebSocketUpgrades webSockets, BooleanSupplier ready) {
    this.webSockets = webSockets;
    this.ready = ready;
  }

  /** The response to {@code request}, whose body nobody wants. */
  HttpResponse respond(HttpRequest request) {
    String path = request.getUri().path();
    boolean read =
        request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
    if (!read) {
      return notFound(request, path);
    }
    return switch (path) {
      case "/v1/ws" -> webSockets.respond(request);
      case "/health/live" -> JsonResponse.status(StatusCodes.OK, "live");
      case "/health/ready" ->
          ready.getAsBoolean()
              ? JsonResponse.status(StatusCodes.OK, "ready")
              : JsonResponse.status(StatusCodes.SERVICE_UNAVAILABLE, "not_ready");
      default -> notFound(request, path);
    };
  }

  private static HttpResponse notFound(HttpRequest request, String path) {
    return JsonResponse.error(
        StatusCodes.NOT_FOUND,
        "not_found",
        "Nothing is found under %s %s (expected: GET /v1/ws, /health/live or /health/ready)."
            .formatted(request.method().name(), path));
  }
}
