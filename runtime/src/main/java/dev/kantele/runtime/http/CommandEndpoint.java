package dev.kantele.runtime.http;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.sessions.Sessions;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;

/** One command a request: {@code POST /v1/sessions/{id}/commands}. */
final class CommandEndpoint {
  private static final Duration BODY_LIMIT = Duration.ofSeconds(30);

  private final Sessions sessions;
  private final WireCodec codec;
  private final int maxBytes;
  private final Materializer materializer;

  CommandEndpoint(Sessions sessions, WireCodec codec, int maxBytes, Materializer materializer) {
    this.sessions = sessions;
    this.codec = codec;
    this.maxBytes = maxBytes;
    this.materializer = materializer;
  }

  /**
   * Hands the command in the body to its session. The path says the session; the command may leave
   * it out, and its id, too, if nobody will repeat it.
   */
  CompletionStage<HttpResponse> respond(HttpRequest request, ClientKey client, SessionId session) {
    OptionalLong declared = request.entity().getContentLengthOption();
    if (declared.orElse(0) > maxBytes) {
      request.discardEntityBytes(materializer);
      return CompletableFuture.completedStage(tooLarge());
    }
    return request
        .entity()
        .withSizeLimit(maxBytes)
        .toStrict(BODY_LIMIT.toMillis(), materializer)
        .thenCompose(body -> reply(body.getData().toArray(), client, session))
        .thenApply(reply -> ReplyResponse.of(codec, reply))
        .exceptionallyCompose(this::unread);
  }

  private CompletionStage<Reply> reply(byte[] body, ClientKey client, SessionId session) {
    Map<String, String> implied =
        Map.of("session", session.value(), "id", UUID.randomUUID().toString());
    return switch (codec.decodeCommand(body, implied)) {
      case Decoded.Rejected<Command> rejected -> CompletableFuture.completedStage(rejected.nack());
      case Decoded.Ok<Command>(var command) -> reply(command, client, session);
    };
  }

  private CompletionStage<Reply> reply(Command command, ClientKey client, SessionId session) {
    return switch (command) {
      case Command.SessionAttach _, Command.SessionCredit _, Command.SessionDetach _ ->
          refused(
              command, "It is for WebSockets; over HTTP GET /v1/sessions/{id}/events attaches.");
      case Command.OfSession ofSession when !ofSession.session().equals(session) ->
          refused(
              command,
              "Field session is "
                  + ofSession.session()
                  + " (expected: "
                  + session
                  + ", as the path says).");
      case Command.OfSession ofSession -> sessions.submit(client, ofSession);
      case Command.Hello _,
          Command.Listing _,
          Command.AuthRefresh _,
          Command.Ping _,
          Command.Goodbye _ ->
          refused(command, "It is no command to a session.");
    };
  }

  private static CompletionStage<Reply> refused(Command command, String message) {
    return CompletableFuture.completedStage(
        Reply.Nack.of(command.id(), ErrorCode.INVALID_ARGUMENT, message));
  }

  private HttpResponse tooLarge() {
    return ReplyResponse.refusal(
        codec,
        ErrorCode.LIMIT_EXCEEDED,
        "The body is too large (expected: at most " + maxBytes + " bytes).");
  }

  private CompletionStage<HttpResponse> unread(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case EntityStreamSizeException _ -> CompletableFuture.completedStage(tooLarge());
      case EntityStreamException _ ->
          CompletableFuture.completedStage(
              ReplyResponse.refusal(
                  codec,
                  ErrorCode.INVALID_MESSAGE,
                  "The body does not come as its headers say, or breaks off."));
      case TimeoutException _ ->
          CompletableFuture.completedStage(
              ReplyResponse.refusal(
                  codec,
                  ErrorCode.INVALID_MESSAGE,
                  "The body did not come within " + BODY_LIMIT.toSeconds() + " s."));
      case null, default -> CompletableFuture.failedStage(failure);
    };
  }
}
