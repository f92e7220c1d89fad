package dev.kantele.runtime.http;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.sessions.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A session's log as server-sent events (WHATWG HTML, section 9.2): {@code GET
 * /v1/sessions/{id}/events}. An event's id is its cursor, {@code log:seq}, so that a client that
 * comes back with {@code Last-Event-ID} goes on where it stopped. The stream ends with the session.
 */
final class EventsEndpoint {
  private static final int PULL_EVENTS = 256;
  private static final int PULL_BYTES = 64 * 1024;

  private final Sessions sessions;
  private final Quotas quotas;
  private final WireCodec codec;
  private final Clock clock;
  private final Duration heartbeat;
  private final SharedKillSwitch drain = KillSwitches.shared("events");

  /**
   * An endpoint.
   *
   * @param heartbeat the longest silence before a comment is sent
   */
  EventsEndpoint(
      Sessions sessions, Quotas quotas, WireCodec codec, Clock clock, Duration heartbeat) {
    this.sessions = sessions;
    this.quotas = quotas;
    this.codec = codec;
    this.clock = clock;
    this.heartbeat = heartbeat;
  }

  /** Ends all streams, and those that begin from now on. */
  void drain() {
    drain.shutdown();
  }

  /** Attaches to the session's log, and streams it from the request's cursor on. */
  CompletionStage<HttpResponse> respond(HttpRequest request, ClientKey client, SessionId session) {
    EventId from;
    try {
      from = EventId.of(request);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedStage(
          ReplyResponse.refusal(codec, ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
    }
    var attach =
        new Command.SessionAttach(
            new CommandId(UUID.randomUUID().toString()),
            session,
            from.seq(),
            from.log(),
            OptionalLong.empty());
    return sessions
        .submit(client, attach)
        .thenApply(
            reply ->
                reply instanceof Reply.Ack(_, _, AckBody.Attached attached)
                    ? stream(client.principal(), session, attached.log(), from.seq())
                    : ReplyResponse.of(codec, reply));
  }

  private HttpResponse stream(String principal, SessionId session, LogId log, long after) {
    if (!quotas.enter(principal)) {
      return ReplyResponse.refusal(
          codec,
          ErrorCode.RATE_LIMITED,
          "Principal %s has %d connections (expected: at most as many)."
              .formatted(principal, quotas.limits().connections()));
    }
    Source<ByteString, NotUsed> frames =
        Source.unfoldAsync(Optional.of(Cursor.of(log, after)), cursor -> pull(session, cursor))
            .mapConcat(batch -> batch)
            .keepAlive(heartbeat, () -> EventFrames.HEARTBEAT)
            .via(drain.flow())
            .watchTermination(
                (none, end) -> {
                  end.whenComplete((_, _) -> quotas.leave(principal));
                  return none;
                });
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
        .withEntity(
            HttpEntities.createChunked(MediaTypes.TEXT_EVENT_STREAM.toContentType(), frames));
  }

  /* Empty after the last event that there will be. */
  private CompletionStage<Optional<Pair<Optional<Cursor>, List<ByteString>>>> pull(
      SessionId session, Optional<Cursor> cursor) {
    if (cursor.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return sessions
        .pull(session, cursor.get(), PULL_EVENTS, PULL_BYTES)
        .thenApply(reply -> Optional.of(frames(session, cursor.get(), reply)));
  }

  private Pair<Optional<Cursor>, List<ByteString>> frames(
      SessionId session, Cursor cursor, PullReply reply) {
    return switch (reply) {
      case PullReply.Batch(var deliveries, var next) ->
          Pair.create(
              endsWith(deliveries) ? Optional.empty() : Optional.of(next),
              deliveries.stream().map(one -> EventFrames.of(codec, cursor, one)).toList());
      case PullReply.Detached(var code, var message) ->
          Pair.create(
              Optional.empty(),
              List.of(
                  EventFrames.unnumbered(codec.encode(detached(session, cursor, code, message)))));
    };
  }

  /* It stands outside the log, and repeats the last number that the client has. */
  private Event detached(SessionId session, Cursor cursor, String code, String message) {
    return new Event(
        session,
        Covers.of(Math.max(1, cursor.after())),
        clock.instant(),
        new EventBody.SessionDetached(code, message));
  }

  private static boolean endsWith(List<Delivery> deliveries) {
    return !deliveries.isEmpty()
        && deliveries.getLast().entry().body() instanceof EventBody.SessionClosed;
  }
}
