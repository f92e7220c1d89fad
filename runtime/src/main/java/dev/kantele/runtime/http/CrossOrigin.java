package dev.kantele.runtime.http;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.codec.WireCodec;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Requests that web pages make (WHATWG Fetch, section 3.2): those of origins that are not allowed
 * are refused whether or not their browser would show them the response, because a command takes
 * effect all the same.
 */
final class CrossOrigin {
  private final OriginPolicy origins;
  private final WireCodec codec;

  CrossOrigin(OriginPolicy origins, WireCodec codec) {
    this.origins = origins;
    this.codec = codec;
  }

  /** The response to a request that is refused, or that only asks what may be asked. */
  Optional<HttpResponse> answer(HttpRequest request) {
    Optional<String> origin = Caller.header(request, "Origin");
    Optional<String> host = Caller.header(request, "Host");
    if (!origins.allowsHost(host)) {
      return Optional.of(
          ReplyResponse.refusal(
              codec,
              ErrorCode.FORBIDDEN,
              "This node answers under names of its own machine only; for another name add its"
                  + " origin to kantele.http.allowed-origins."));
    }
    if (!origins.allows(origin, host)) {
      return Optional.of(
          ReplyResponse.refusal(
              codec,
              ErrorCode.FORBIDDEN,
              "This page's origin may not ask; add it to kantele.http.allowed-origins."));
    }
    return origin.isPresent() && request.method().equals(HttpMethods.OPTIONS)
        ? Optional.of(shared(preflight(), origin))
        : Optional.empty();
  }

  /** The response as a page of the request's origin may read it. */
  HttpResponse shared(HttpResponse response, HttpRequest request) {
    return shared(response, Caller.header(request, "Origin"));
  }

  private static HttpResponse shared(HttpResponse response, Optional<String> origin) {
    return origin
        .map(
            from ->
                response
                    .addHeader(RawHeader.create("Access-Control-Allow-Origin", from))
                    .addHeader(RawHeader.create("Vary", "Origin")))
        .orElse(response);
  }

  private static HttpResponse preflight() {
    return HttpResponse.create()
        .withStatus(StatusCodes.NO_CONTENT)
        .addHeader(RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, POST"))
        .addHeader(
            RawHeader.create(
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Last-Event-ID, X-Kantele-Client"))
        .addHeader(RawHeader.create("Access-Control-Max-Age", "600"));
  }
}
