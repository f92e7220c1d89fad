package dev.kantele.runtime.http;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.poller.dispatcher.PollerLoops;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.service.Incident;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.service.Pages;
import dev.kantele.runtime.service.Replies;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/** The protocol over plain HTTP: each request is one command, and the reply is its response. */
final class Api {
  private static final int MAX_PAGE = 1_000;

  private final NodeServices node;
  private final Authenticator authenticator;
  private final WireCodec codec;
  private final Pages pages;
  private final CommandEndpoint commands;
  private final EventsEndpoint events;
  private final PollerLoops loops;
  private final Executor offLoop;
  private final Clock clock;
  private final Materializer materializer;

  /**
   * The protocol of {@code node}.
   *
   * @param offLoop runs what would hold up a loop
   */
  Api(
      NodeServices node,
      WireCodec codec,
      CommandEndpoint commands,
      EventsEndpoint events,
      PollerLoops loops,
      Executor offLoop,
      Clock clock,
      Materializer materializer) {
    this.node = node;
    this.authenticator = node.authenticator();
    this.codec = codec;
    this.pages = new Pages(node);
    this.commands = commands;
    this.events = events;
    this.loops = loops;
    this.offLoop = offLoop;
    this.clock = clock;
    this.materializer = materializer;
  }

  /** The response to a request for {@code route}; the stage does not fail. */
  CompletionStage<HttpResponse> respond(HttpRequest request, Route.Api route) {
    CompletionStage<HttpResponse> response;
    try {
      response =
          Caller.of(request, authenticator).thenCompose(caller -> respond(request, route, caller));
    } catch (RuntimeException e) {
      response = CompletableFuture.failedStage(e);
    }
    return response.exceptionally(
        cause ->
            ReplyResponse.refusal(
                codec,
                ErrorCode.INTERNAL,
                Replies.failure(Incident.logged("answer a request", cause))));
  }

  private CompletionStage<HttpResponse> respond(
      HttpRequest request, Route.Api route, Caller caller) {
    return switch (caller) {
      case Caller.Refused(var error) -> refuse(request, error);
      case Caller.Known known -> {
        long waitMillis = node.quotas().take(known.client().principal(), clock.millis());
        yield waitMillis > 0
            ? refuse(request, tooMany(waitMillis))
            : respond(request, route, known);
      }
    };
  }

  private CompletionStage<HttpResponse> refuse(HttpRequest request, WireError error) {
    request.discardEntityBytes(materializer);
    return CompletableFuture.completedStage(ReplyResponse.refusal(codec, error));
  }

  private WireError tooMany(long waitMillis) {
    return new WireError(
        ErrorCode.RATE_LIMITED,
        "More requests came than the node takes (expected: at most %d in a second)."
            .formatted(node.quotas().limits().commandsPerSecond()),
        ErrorCode.RATE_LIMITED.retryable(),
        OptionalLong.empty(),
        OptionalLong.of(waitMillis));
  }

  private CompletionStage<HttpResponse> respond(
      HttpRequest request, Route.Api route, Caller.Known caller) {
    ClientKey client = caller.client();
    if (!(route instanceof Route.Commands)) {
      request.discardEntityBytes(materializer);
    }
    return switch (route) {
      case Route.Commands(var session) -> commands.respond(request, client, session);
      case Route.Events(var session) -> events.respond(request, caller, session);
      case Route.Status(var session) ->
          response(node.sessions().submit(client, new Command.SessionStatus(id(), session)));
      case Route.Loops _ ->
          CompletableFuture.supplyAsync(() -> LoopsResponse.of(loops.loops()), offLoop);
      case Route.Sessions _, Route.Agents _, Route.Models _ -> list(request, route, client);
    };
  }

  private CompletionStage<HttpResponse> list(
      HttpRequest request, Route.Api route, ClientKey client) {
    Optional<String> page = request.getUri().query().get("page");
    Optional<String> asked = request.getUri().query().get("limit");
    OptionalInt limit = asked.map(Api::pageLimit).orElse(OptionalInt.empty());
    if (asked.isPresent() && limit.isEmpty()) {
      return CompletableFuture.completedStage(
          ReplyResponse.refusal(
              codec,
              ErrorCode.INVALID_ARGUMENT,
              "Parameter limit is no number of entries (expected: 1.." + MAX_PAGE + ")."));
    }
    return response(
        pages.reply(
            client.principal(),
            switch (route) {
              case Route.Agents _ -> new Command.AgentsList(id(), limit, page);
              case Route.Models _ -> new Command.ModelsList(id(), limit, page);
              case Route.Sessions _,
                  Route.Loops _,
                  Route.Status _,
                  Route.Commands _,
                  Route.Events _ ->
                  new Command.SessionList(id(), limit, page);
            }));
  }

  private static OptionalInt pageLimit(String text) {
    try {
      int limit = Integer.parseInt(text);
      return limit >= 1 && limit <= MAX_PAGE ? OptionalInt.of(limit) : OptionalInt.empty();
    } catch (NumberFormatException _) {
      return OptionalInt.empty();
    }
  }

  private CompletionStage<HttpResponse> response(CompletionStage<Reply> reply) {
    return reply.thenApply(given -> ReplyResponse.of(codec, given));
  }

  private static CommandId id() {
    return new CommandId(UUID.randomUUID().toString());
  }
}
