package dev.kantele.runtime.http;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.codec.WireCodec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.stream.Materializer;

/** What is answered under which path. */
final class Routes {
  /** Headers of which another reader could take another one: it would see another caller. */
  private static final List<String> SINGLE =
      List.of("Authorization", "Origin", "X-Kantele-Client", EventId.HEADER);

  private final WebSocketUpgrades webSockets;
  private final Api api;
  private final CrossOrigin crossOrigin;
  private final BooleanSupplier ready;
  private final WireCodec codec;
  private final Materializer materializer;

  Routes(
      WebSocketUpgrades webSockets,
      Api api,
      CrossOrigin crossOrigin,
      BooleanSupplier ready,
      WireCodec codec,
      Materializer materializer) {
    this.webSockets = webSockets;
    this.api = api;
    this.crossOrigin = crossOrigin;
    this.ready = ready;
    this.codec = codec;
    this.materializer = materializer;
  }

  /** The response to {@code request}; the stage does not fail. */
  CompletionStage<HttpResponse> respond(HttpRequest request) {
    request
        .getHeader(TimeoutAccess.class)
        .ifPresent(header -> header.timeoutAccess().updateHandler(_ -> late()));
    Optional<String> repeated = SINGLE.stream().filter(name -> isRepeated(request, name)).findAny();
    if (repeated.isPresent()) {
      return at(
          request,
          ReplyResponse.refusal(
              codec,
              ErrorCode.INVALID_ARGUMENT,
              "Header " + repeated.get() + " is there more than once (expected: once)."));
    }
    Optional<Route> route;
    try {
      route = Route.of(request.getUri());
    } catch (IllegalArgumentException e) {
      return at(
          request,
          ReplyResponse.refusal(
              codec,
              ErrorCode.INVALID_ARGUMENT,
              "The path names a session that can't be: " + e.getMessage() + "."));
    }
    if (route.isEmpty()) {
      return at(request, notFound(request));
    }
    return switch (route.get()) {
      case Route.Socket _ when route.get().takes(request.method()) ->
          at(request, webSockets.respond(request));
      case Route.Api inApi -> respond(request, inApi);
      case Route.Socket _, Route.Live _, Route.Ready _, Route.Description _ ->
          at(
              request,
              route.get().takes(request.method())
                  ? plain(route.get())
                  : notAllowed(request, route.get()));
    };
  }

  private static boolean isRepeated(HttpRequest request, String name) {
    return StreamSupport.stream(request.getHeaders().spliterator(), /* parallel= */ false)
            .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
            .count()
        > 1;
  }

  private HttpResponse late() {
    return ReplyResponse.refusal(
        codec,
        ErrorCode.UNAVAILABLE,
        "The node did not answer in time; the request may be repeated.");
  }

  private CompletionStage<HttpResponse> respond(HttpRequest request, Route.Api route) {
    Optional<HttpResponse> answer = crossOrigin.answer(request);
    if (answer.isPresent()) {
      return at(request, answer.get());
    }
    if (!route.takes(request.method())) {
      return at(request, notAllowed(request, route));
    }
    return api.respond(request, route).thenApply(response -> crossOrigin.shared(response, request));
  }

  private HttpResponse plain(Route route) {
    return switch (route) {
      case Route.Ready _ when !ready.getAsBoolean() ->
          JsonResponse.status(StatusCodes.SERVICE_UNAVAILABLE, "not_ready");
      case Route.Ready _ -> JsonResponse.status(StatusCodes.OK, "ready");
      case Route.Description _ -> OpenApi.response();
      case Route.Live _, Route.Socket _, Route.Api _ -> JsonResponse.status(StatusCodes.OK, "live");
    };
  }

  /* Nobody wants the body. */
  private CompletionStage<HttpResponse> at(HttpRequest request, HttpResponse response) {
    request.discardEntityBytes(materializer);
    return CompletableFuture.completedStage(response);
  }

  private static HttpResponse notAllowed(HttpRequest request, Route route) {
    return JsonResponse.error(
            StatusCodes.METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "%s is answered to %s only, not to %s."
                .formatted(request.getUri().path(), route.method().name(), request.method().name()))
        .addHeader(RawHeader.create("Allow", route.method().name()));
  }

  private static HttpResponse notFound(HttpRequest request) {
    return JsonResponse.error(
        StatusCodes.NOT_FOUND,
        "not_found",
        "Nothing is found under %s %s (expected: a path of /v1/openapi.json, /v1/ws, /health/live or /health/ready)."
            .formatted(request.method().name(), request.getUri().path()));
  }
}
