package dev.kantele.runtime.http;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.sessions.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
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

  /** How long a stream goes on: further ahead no timer can be set. Its client comes back. */
  private static final Duration LONGEST = Duration.ofDays(100);

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

  /**
   * Attaches to the session's log, and streams it from the request's cursor on, for as long as the
   * caller is known.
   */
  CompletionStage<HttpResponse> respond(
      HttpRequest request, Caller.Known caller, SessionId session) {
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
        .submit(caller.client(), attach)
        .thenApply(
            reply ->
                reply instanceof Reply.Ack(_, _, AckBody.Attached attached)
                    ? stream(request, caller, session, Cursor.of(attached.log(), from.seq()))
                    : ReplyResponse.of(codec, reply));
  }

  private HttpResponse stream(
      HttpRequest request, Caller.Known caller, SessionId session, Cursor from) {
    if (!quotas.hasRoom(caller.client().principal())) {
      return ReplyResponse.refusal(codec, ErrorCode.RATE_LIMITED, tooMany(caller));
    }
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
        .withEntity(
            HttpEntities.createChunked(
                MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                events(request, caller, session, from)));
  }

  /* pekko-http runs the body of a response without one, too, to cancel it; it must take no place. */
  private Source<ByteString, ?> events(
      HttpRequest request, Caller.Known caller, SessionId session, Cursor from) {
    return request.method().equals(HttpMethods.HEAD)
        ? Source.empty()
        : Source.fromMaterializer((_, _) -> counted(caller, session, from));
  }

  private String tooMany(Caller.Known caller) {
    return "Principal %s has %d connections (expected: at most as many)."
        .formatted(caller.client().principal(), quotas.limits().connections());
  }

  /*
   * Takes a place only when it runs: a response whose client has gone never does. Of those that
   * came for the last place together, others than the first are told so in their stream.
   */
  private Source<ByteString, NotUsed> counted(Caller.Known caller, SessionId session, Cursor from) {
    String principal = caller.client().principal();
    if (!quotas.enter(principal)) {
      return Source.single(
          detached(session, from, ErrorCode.RATE_LIMITED.wireName(), tooMany(caller)));
    }
    return frames(session, from)
        .takeWithin(caller.until().map(this::left).orElse(LONGEST))
        .via(drain.flow())
        .watchTermination(
            (none, end) -> {
              end.whenComplete((_, _) -> quotas.leave(principal));
              return none;
            });
  }

  private Duration left(Instant until) {
    Duration left = Duration.between(clock.instant(), until);
    return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }

  private Source<ByteString, NotUsed> frames(SessionId session, Cursor from) {
    return Source.unfoldAsync(Optional.of(from), cursor -> pull(session, cursor))
        .mapConcat(batch -> batch)
        .keepAlive(heartbeat, () -> EventFrames.HEARTBEAT);
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
          Pair.create(Optional.empty(), List.of(detached(session, cursor, code, message)));
    };
  }

  /* It stands outside the log, and repeats the last number that the client has. */
  private ByteString detached(SessionId session, Cursor cursor, String code, String message) {
    var event =
        new Event(
            session,
            Covers.of(Math.max(1, cursor.after())),
            clock.instant(),
            new EventBody.SessionDetached(code, message));
    return EventFrames.unnumbered(codec.encode(event));
  }

  private static boolean endsWith(List<Delivery> deliveries) {
    return !deliveries.isEmpty()
        && deliveries.getLast().entry().body() instanceof EventBody.SessionClosed;
  }
}
