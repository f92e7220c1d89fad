package dev.kantele.runtime.websocket;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.security.TokenBucket;
import dev.kantele.runtime.service.Replies;
import dev.kantele.runtime.websocket.ConnectionState.Authenticating;
import dev.kantele.runtime.websocket.ConnectionState.AwaitingHello;
import dev.kantele.runtime.websocket.ConnectionState.Closed;
import dev.kantele.runtime.websocket.ConnectionState.Leaving;
import dev.kantele.runtime.websocket.ConnectionState.Open;
import dev.kantele.runtime.websocket.frame.CloseCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a connection answers, and when it ends: messages and outcomes in, {@link Effect}s
 * out. Knows no socket, no clock and no future, so that every state can be tested by itself.
 * Confined to its connection's stream.
 */
final class ConnectionCore {
  private static final int VERSION = 1;

  private final WebSocketSettings settings;
  private final Reply.Limits limits;
  private final TokenBucket bucket;
  private final Quotas quotas;
  private final Subscriptions subscriptions;

  /** Commands that are on their way, by ticket. */
  private final Map<Long, Command> inFlight = new HashMap<>();

  private final List<Effect> effects = new ArrayList<>();
  private ConnectionState state = new AwaitingHello();

  /** When the latest token expires. */
  private Optional<Instant> until = Optional.empty();

  private long lastTicket;

  ConnectionCore(
      WebSocketSettings settings,
      Reply.Limits limits,
      TokenBucket bucket,
      Quotas quotas,
      Subscriptions subscriptions) {
    this.settings = settings;
    this.limits = limits;
    this.bucket = bucket;
    this.quotas = quotas;
    this.subscriptions = subscriptions;
  }

  /** Whether a further message may be read. */
  boolean takesMessages() {
    return switch (state) {
      case AwaitingHello _ -> true;
      case Open _ -> inFlight.size() < settings.maxCommandsInFlight();
      case Authenticating _, Leaving _, Closed _ -> false;
    };
  }

  /** The client sent a message. */
  List<Effect> received(Decoded<Command> message, long nowMillis) {
    switch (state) {
      case AwaitingHello _ -> onFirst(message);
      case Open(var client) -> onMessage(client, message, nowMillis);
      case Authenticating _, Leaving _, Closed _ ->
          throw new IllegalStateException("message in " + state + " (expected: none is read)");
    }
    return decided();
  }

  /** The authenticator answered. */
  List<Effect> authenticated(long ticket, Authentication outcome) {
    Command command = inFlight.remove(ticket);
    switch (state) {
      case Authenticating(var hello) -> onHelloJudged(hello, outcome);
      case Open(var client) -> onRefreshJudged(client, command, outcome);
      case Leaving(var client, _) -> {
        onRefreshJudged(client, command, outcome);
        leaveWhenDone();
      }
      case AwaitingHello _, Closed _ -> {}
    }
    return decided();
  }

  /** A session, or a list, answered. */
  List<Effect> replied(long ticket, Reply reply) {
    Command command = inFlight.remove(ticket);
    if (command == null || state instanceof Closed) {
      return List.of();
    }
    reply(reply);
    if (command instanceof Command.SessionAttach attach) {
      if (reply instanceof Reply.Ack(_, _, AckBody.Attached attached)) {
        subscriptions.attached(ticket, attach.session(), attached.log(), attach.after());
      } else {
        subscriptions.refused(ticket, attach.session());
      }
    }
    leaveWhenDone();
    return decided();
  }

  /** What was asked for under {@code ticket} broke; {@code error} names the entry in the log. */
  List<Effect> failed(long ticket, String error) {
    Command command = inFlight.remove(ticket);
    if (state instanceof Authenticating(var hello)) {
      state = new AwaitingHello();
      refuse(hello.id(), ErrorCode.INTERNAL, Replies.failure(error));
      return decided();
    }
    if (command == null || state instanceof Closed) {
      return List.of();
    }
    if (command instanceof Command.SessionAttach attach) {
      subscriptions.refused(ticket, attach.session());
    }
    refuse(command.id(), ErrorCode.INTERNAL, Replies.failure(error));
    leaveWhenDone();
    return decided();
  }

  /** A pull brought something. */
  List<Effect> pulled(long subscription, PullReply reply) {
    Optional<Event> end = subscriptions.pulled(subscription, reply);
    end.ifPresent(event -> effects.add(new Effect.SendEvent(event)));
    return decided();
  }

  /** A pull broke; {@code error} names the entry in the log. */
  List<Effect> pullFailed(long subscription, String error) {
    return pulled(
        subscription,
        new PullReply.Detached(
            ErrorCode.INTERNAL.wireName(),
            "The node failed to read the log (error " + error + "); attach again to go on."));
  }

  /** The time for the {@code hello} is over. */
  List<Effect> helloTimedOut() {
    return switch (state) {
      case AwaitingHello _, Authenticating _ ->
          close(
              CloseCode.BAD_HELLO,
              "No hello was accepted within " + settings.helloTimeout().toMillis() + " ms.");
      case Open _, Leaving _, Closed _ -> List.of();
    };
  }

  /** The token of the client has expired. */
  List<Effect> expired() {
    return close(CloseCode.UNAUTHENTICATED, "The token has expired.");
  }

  /** The connection ends for a reason that is not in its messages. */
  List<Effect> close(CloseCode code, String reason) {
    if (!(state instanceof Closed)) {
      end(code, reason);
    }
    return decided();
  }

  private void onFirst(Decoded<Command> message) {
    switch (message) {
      case Decoded.Ok<Command>(Command.Hello hello) -> onHello(hello);
      case Decoded.Ok<Command>(var command) -> {
        refuse(
            command.id(), ErrorCode.INVALID_MESSAGE, "The first message must be hello, then this.");
        end(CloseCode.BAD_HELLO, "The first message must be hello.");
      }
      case Decoded.Rejected<Command> rejected -> {
        reply(rejected.nack());
        // What is no JSON object is no message yet; another that can't be read is no good hello.
        if (rejected.error().code() != ErrorCode.INVALID_MESSAGE) {
          end(CloseCode.BAD_HELLO, "The first message must be a valid hello.");
        }
      }
    }
  }

  private void onHello(Command.Hello hello) {
    if (!hello.versions().contains(VERSION)) {
      refuse(
          hello.id(),
          ErrorCode.VERSION_MISMATCH,
          "Versions are " + hello.versions() + " (expected: one of them is " + VERSION + ").");
      end(CloseCode.BAD_HELLO, "This node speaks version " + VERSION + " only.");
      return;
    }
    state = new Authenticating(hello);
    effects.add(new Effect.Authenticate(take(hello), hello.token()));
  }

  private void onHelloJudged(Command.Hello hello, Authentication outcome) {
    switch (outcome) {
      case Authentication.Authenticated(var principal, _) when !quotas.enter(principal) -> {
        reply(tooManyConnections(hello, principal));
        end(CloseCode.GOING_AWAY, "The principal has as many connections as it may have.");
      }
      case Authentication.Authenticated(var principal, var end) -> {
        var client = new ClientKey(principal, hello.client());
        state = new Open(client);
        effects.add(new Effect.Claim(client));
        lasts(end);
        reply(
            new Reply.Welcome(
                hello.id(), VERSION, settings.heartbeat().toMillis(), limits, List.of()));
      }
      case Authentication.Refused(var message) -> {
        refuse(hello.id(), ErrorCode.UNAUTHENTICATED, message);
        end(CloseCode.UNAUTHENTICATED, message);
      }
    }
  }

  private Reply tooManyConnections(Command.Hello hello, String principal) {
    return new Reply.Nack(
        Optional.of(hello.id()),
        new WireError(
            ErrorCode.RATE_LIMITED,
            "Principal %s has %d connections (expected: at most as many)."
                .formatted(principal, quotas.limits().connections()),
            ErrorCode.RATE_LIMITED.retryable(),
            OptionalLong.empty(),
            OptionalLong.of(settings.heartbeat().toMillis())));
  }

  private void onMessage(ClientKey client, Decoded<Command> message, long nowMillis) {
    long waitMillis = bucket.take(nowMillis);
    if (waitMillis > 0) {
      onTooMany(message, waitMillis, settings.commandsPerSecond());
      return;
    }
    waitMillis = quotas.take(client.principal(), nowMillis);
    if (waitMillis > 0) {
      onTooMany(message, waitMillis, quotas.limits().commandsPerSecond());
      return;
    }
    switch (message) {
      case Decoded.Ok<Command>(var command) -> onCommand(client, command);
      case Decoded.Rejected<Command> rejected -> reply(rejected.nack());
    }
  }

  private void onTooMany(Decoded<Command> message, long waitMillis, int perSecond) {
    Optional<CommandId> re =
        switch (message) {
          case Decoded.Ok<Command>(var command) -> Optional.of(command.id());
          case Decoded.Rejected<Command>(var id, _) -> id;
        };
    reply(
        new Reply.Nack(
            re,
            new WireError(
                ErrorCode.RATE_LIMITED,
                "More commands came than the node takes (expected: at most "
                    + perSecond
                    + " in a second).",
                ErrorCode.RATE_LIMITED.retryable(),
                OptionalLong.empty(),
                OptionalLong.of(waitMillis))));
  }

  private void onCommand(ClientKey client, Command command) {
    switch (command) {
      case Command.Hello hello ->
          refuse(hello.id(), ErrorCode.INVALID_MESSAGE, "This connection has said hello already.");
      case Command.SessionAttach attach -> onAttach(client, attach);
      case Command.SessionCredit credit -> onCredit(credit);
      case Command.SessionDetach detach -> onDetach(detach);
      case Command.OfSession ofSession ->
          effects.add(new Effect.Submit(take(ofSession), client, ofSession));
      case Command.Listing listing ->
          effects.add(new Effect.ListPage(take(listing), client.principal(), listing));
      case Command.AuthRefresh refresh ->
          effects.add(new Effect.Authenticate(take(refresh), Optional.of(refresh.token())));
      case Command.Ping ping -> reply(new Reply.Pong(ping.id()));
      case Command.Goodbye goodbye -> {
        state = new Leaving(client, goodbye.id());
        leaveWhenDone();
      }
    }
  }

  private void onAttach(ClientKey client, Command.SessionAttach attach) {
    if (!subscriptions.hasRoomFor(attach.session())) {
      refuse(
          attach.id(),
          ErrorCode.LIMIT_EXCEEDED,
          "This connection is attached to %d sessions (expected: at most %d)."
              .formatted(subscriptions.size() + 1, settings.maxSubscriptions()));
      return;
    }
    long ticket = take(attach);
    subscriptions.attaching(ticket, attach);
    effects.add(new Effect.Submit(ticket, client, attach));
  }

  private void onCredit(Command.SessionCredit credit) {
    if (subscriptions.grant(credit.session(), credit.events())) {
      reply(Reply.Ack.of(credit.id(), new AckBody.Done()));
    } else {
      refuse(credit.id(), ErrorCode.INVALID_ARGUMENT, notAttached(credit));
    }
  }

  private void onDetach(Command.SessionDetach detach) {
    if (subscriptions.detach(detach.session())) {
      reply(Reply.Ack.of(detach.id(), new AckBody.Done()));
    } else {
      refuse(detach.id(), ErrorCode.INVALID_ARGUMENT, notAttached(detach));
    }
  }

  private static String notAttached(Command.OfSession command) {
    return "Session " + command.session() + " is not attached to this connection.";
  }

  private void onRefreshJudged(
      ClientKey client, @Nullable Command command, Authentication outcome) {
    if (!(command instanceof Command.AuthRefresh refresh)) {
      return;
    }
    switch (outcome) {
      case Authentication.Authenticated(var principal, var end)
          when principal.equals(client.principal()) -> {
        lasts(end);
        reply(Reply.Ack.of(refresh.id(), new AckBody.Done()));
      }
      case Authentication.Authenticated _ ->
          refuse(
              refresh.id(),
              ErrorCode.FORBIDDEN,
              "The token is another principal's than this connection's.");
      case Authentication.Refused(var message) ->
          refuse(refresh.id(), ErrorCode.UNAUTHENTICATED, message);
    }
  }

  private void lasts(Optional<Instant> end) {
    if (!end.equals(until)) {
      until = end;
      effects.add(new Effect.Expire(end));
    }
  }

  private void leaveWhenDone() {
    if (state instanceof Leaving(_, var goodbye) && inFlight.isEmpty()) {
      reply(Reply.Ack.of(goodbye, new AckBody.Done()));
      end(CloseCode.NORMAL, "Goodbye.");
    }
  }

  private void end(CloseCode code, String reason) {
    state = new Closed();
    inFlight.clear();
    subscriptions.clear();
    effects.add(new Effect.Close(code, reason));
  }

  private long take(Command command) {
    lastTicket++;
    inFlight.put(lastTicket, command);
    return lastTicket;
  }

  private void refuse(CommandId re, ErrorCode code, String message) {
    reply(Reply.Nack.of(re, code, message));
  }

  private void reply(Reply reply) {
    effects.add(new Effect.SendReply(reply));
  }

  private List<Effect> decided() {
    List<Effect> decided = List.copyOf(effects);
    effects.clear();
    return decided;
  }
}
