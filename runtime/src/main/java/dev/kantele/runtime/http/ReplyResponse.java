package dev.kantele.runtime.http;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.service.Replies;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Replies as responses: the reply is the body, and its code has a status. */
final class ReplyResponse {
  private static final int MILLIS_PER_SECOND = 1_000;

  /** The response that carries {@code reply}. */
  static HttpResponse of(WireCodec codec, Reply reply) {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(status(reply))
            .withEntity(
                HttpEntities.create(ContentTypes.APPLICATION_JSON, Replies.text(codec, reply)));
    return reply instanceof Reply.Nack(_, var error) ? withAdvice(response, error) : response;
  }

  /** The response to a request that is refused before it is a command. */
  static HttpResponse refusal(WireCodec codec, ErrorCode code, String message) {
    return refusal(codec, WireError.of(code, message));
  }

  /** The response to a request that is refused before it is a command. */
  static HttpResponse refusal(WireCodec codec, WireError error) {
    return of(codec, new Reply.Nack(Optional.empty(), error));
  }

  private static int status(Reply reply) {
    return reply instanceof Reply.Nack(_, var error)
        ? error.code().httpStatus()
        : StatusCodes.OK.intValue();
  }

  private static HttpResponse withAdvice(HttpResponse response, WireError error) {
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      return response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
    }
    if (error.retryAfterMs().isPresent()) {
      long seconds = Math.ceilDiv(error.retryAfterMs().getAsLong(), MILLIS_PER_SECOND);
      return response.addHeader(RawHeader.create("Retry-After", Long.toString(seconds)));
    }
    return response;
  }

  private ReplyResponse() {}
}
