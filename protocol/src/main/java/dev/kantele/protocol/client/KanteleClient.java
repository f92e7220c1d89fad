package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;

/**
 * The sessions of a node over one WebSocket. Safe from any thread.
 *
 * <p>When the connection is lost the client makes another, for as long as {@link
 * ClientSettings#reconnectLimit()} allows: every command without a reply is sent again as it was
 * (the node knows by its id whether it took it), and every subscriber goes on after the last event
 * that it got. What a caller sees of that is a pause.
 *
 * <p>What is asked for and not yet done when the client is closed, or when its connection ends for
 * good, fails with {@link ConnectionEndedException}. The sessions themselves go on: they need no
 * client.
 */
public final class KanteleClient implements AutoCloseable {
  private final ClientCore core;

  private KanteleClient(ClientCore core) {
    this.core = core;
  }

  /**
   * Connects to the node at {@code url}, with defaults for all else.
   *
   * @throws ClientException if no node answers there, or refuses
   */
  public static KanteleClient connect(String url) {
    return connect(ClientSettings.of(url));
  }

  /**
   * Connects to a node, and waits until it has welcomed the client.
   *
   * @throws ClientException if no node answers there, or refuses
   */
  public static KanteleClient connect(ClientSettings settings) {
    return join(connectAsync(settings));
  }

  /**
   * Connects to a node. One try is made; only a connection that was made once is made again when it
   * is lost.
   */
  public static CompletableFuture<KanteleClient> connectAsync(ClientSettings settings) {
    return connectAsync(settings, ClientParts.of(settings));
  }

  static CompletableFuture<KanteleClient> connectAsync(ClientSettings settings, ClientParts parts) {
    var core = new ClientCore(requireNonNull(settings, "settings"), parts);
    return core.start().thenApply(KanteleClient::new);
  }

  /**
   * Opens a session, which is created with the node's default agent if there is none of this name.
   *
   * @throws ClientException if the node refuses, or the connection ends for good
   */
  public ClientSession open(String session) {
    return join(openAsync(new SessionId(session), Optional.empty()));
  }

  /**
   * Opens a session, which is created with {@code agent} if there is none of this name.
   *
   * @throws ClientException if the node refuses, or the connection ends for good
   */
  public ClientSession open(String session, String agent) {
    return join(openAsync(new SessionId(session), Optional.of(agent)));
  }

  /** Opens a session without waiting for it. */
  public CompletableFuture<ClientSession> openAsync(SessionId session, Optional<String> agent) {
    return openAsync(new Command.SessionOpen(core.newId(), session, agent, Optional.empty()));
  }

  /** Opens a session with all that the wire allows. */
  public CompletableFuture<ClientSession> openAsync(Command.SessionOpen command) {
    return core.submit(command)
        .thenApply(reply -> Replies.requireAck(reply, AckBody.Opened.class))
        .thenCompose(opened -> opened(command.session(), opened));
  }

  private CompletableFuture<ClientSession> opened(SessionId id, AckBody.Opened opened) {
    var session = new CompletableFuture<ClientSession>();
    core.mailbox()
        .execute(
            () -> {
              core.session(id).opened(opened);
              core.complete(session, new ClientSession(id, opened, core));
            });
    return session;
  }

  /**
   * The events of a session after {@code after} (0: from its start) without opening it, so that it
   * must exist; otherwise as {@link ClientSession#events(long)}.
   *
   * @param log the log that {@code after} belongs to; absent: whichever the session has
   */
  public Flow.Publisher<Event> events(SessionId session, Optional<LogId> log, long after) {
    return new EventPublisher(core, session, log, after);
  }

  /**
   * Gives the node a command and completes with its one reply, a refusal included. A numbered one
   * without a number gets the next of its session, if that was opened here; one with a number goes
   * as it is.
   *
   * @throws IllegalArgumentException for what the client does by itself: greeting, subscribing and
   *     leaving
   */
  public CompletableFuture<Reply> submit(Command command) {
    switch (command) {
      case Command.Hello _,
          Command.Goodbye _,
          Command.SessionAttach _,
          Command.SessionCredit _,
          Command.SessionDetach _ ->
          throw new IllegalArgumentException(
              "command: %s (expected: one that the client does not give by itself)"
                  .formatted(command.getClass().getSimpleName()));
      case Command.OfSession _, Command.Listing _, Command.AuthRefresh _, Command.Ping _ -> {}
    }
    return core.submit(command);
  }

  /**
   * Lists the sessions that the client may see, by id.
   *
   * @param limit how many at the most; the node may give fewer
   * @param page {@link AckBody.Sessions#nextPage()} of the page before; absent for the first
   */
  public CompletableFuture<AckBody.Sessions> sessions(int limit, Optional<String> page) {
    return submit(new Command.SessionList(core.newId(), OptionalInt.of(limit), page))
        .thenApply(reply -> Replies.requireAck(reply, AckBody.Sessions.class));
  }

  /** Lists the node's models by name; paged as {@link #sessions}. */
  public CompletableFuture<AckBody.Models> models(int limit, Optional<String> page) {
    return submit(new Command.ModelsList(core.newId(), OptionalInt.of(limit), page))
        .thenApply(reply -> Replies.requireAck(reply, AckBody.Models.class));
  }

  /** Replaces the connection's token before it expires; later connections ask the settings. */
  public CompletableFuture<Void> refreshToken(Secret token) {
    return submit(new Command.AuthRefresh(core.newId(), token))
        .thenAccept(reply -> Replies.requireAck(reply, AckBody.class));
  }

  /** A name for a command, never given twice. */
  public CommandId newCommandId() {
    return core.newId();
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ClientException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Closes the connection. The sessions and their turns go on at the node. */
  @Override
  public void close() {
    core.close();
  }
}
