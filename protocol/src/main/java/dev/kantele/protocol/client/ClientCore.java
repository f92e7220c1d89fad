package dev.kantele.protocol.client;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import dev.kantele.protocol.client.Timers.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The client's state: its connection, the commands without a reply, its sessions. Everything that
 * does not say otherwise is confined to the client's mailbox.
 */
final class ClientCore implements Connector.Owner, Feed.Services {
  private final ClientSettings settings;
  private final ClientParts parts;
  private final SerialExecutor mailbox;
  private final SerialExecutor notices;
  private final Connector connector;
  private final OutstandingCommands outstanding;
  private final CommandIds ids = new CommandIds();
  private final Map<SessionId, SessionCore> sessions = new HashMap<>();
  private final CompletableFuture<ClientCore> firstOpened = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** Commands that were taken from the application and have no end yet. Any thread's. */
  private final AtomicInteger pending = new AtomicInteger();

  private boolean isOpen;
  private @Nullable ClientException end;

  ClientCore(ClientSettings settings, ClientParts parts) {
    this.settings = settings;
    this.parts = parts;
    this.mailbox = new SerialExecutor(parts.threads(), this::onFailure);
    this.notices = new SerialExecutor(parts.threads(), ClientCore::report);
    this.connector =
        new Connector(
            settings,
            parts,
            mailbox,
            change -> notices.execute(() -> settings.onChange().accept(change)),
            this,
            ids);
    this.outstanding =
        new OutstandingCommands(
            connector::send,
            (delay, task) -> parts.timers().schedule(delay, () -> mailbox.execute(task)),
            settings.backoff(),
            parts.random());
  }

  /** Connects; the future completes when the node has welcomed the client. Any thread's. */
  CompletableFuture<ClientCore> start() {
    mailbox.execute(connector::dial);
    return firstOpened;
  }

  ClientSettings settings() {
    return settings;
  }

  OutstandingCommands outstanding() {
    return outstanding;
  }

  Executor mailbox() {
    return mailbox;
  }

  Executor threads() {
    return parts.threads();
  }

  /** Any thread's. */
  @Override
  public CommandId newId() {
    return ids.next();
  }

  @Override
  public void submitBound(Command command, ReplyHandler handler) {
    outstanding.submitBound(command, handler);
  }

  @Override
  public Timer retry(int number, Runnable task) {
    return parts
        .timers()
        .schedule(settings.backoff().pause(number, parts.random()), () -> mailbox.execute(task));
  }

  /** Takes a command from the application; the future completes on another thread. Any thread's. */
  CompletableFuture<Reply> submit(Command command) {
    var reply = new CompletableFuture<Reply>();
    accept(
        command.id(),
        reply,
        handler -> {
          SessionCore session =
              command instanceof Command.Numbered numbered && numbered.seq().isEmpty()
                  ? sessions.get(numbered.session())
                  : null;
          if (session != null && command instanceof Command.Numbered numbered) {
            session.submit(numbered, handler);
          } else {
            outstanding.submit(command, handler);
          }
        });
    return reply;
  }

  /** What is done with a command in the mailbox. */
  interface Submission {
    void submit(ReplyHandler handler);
  }

  /** Counts a command that completes {@code reply}, and hands it over. Any thread's. */
  void accept(CommandId id, CompletableFuture<Reply> reply, Submission submission) {
    int number = pending.incrementAndGet();
    if (number > settings.maxPending()) {
      pending.decrementAndGet();
      var error =
          WireError.of(
              ErrorCode.QUEUE_FULL,
              "Command %s is number %d without a reply (expected: at most %d)."
                  .formatted(id, number, settings.maxPending()));
      complete(reply, new Reply.Nack(java.util.Optional.of(id), error));
      return;
    }
    mailbox.execute(
        () -> {
          if (end != null) {
            pending.decrementAndGet();
            fail(reply, end);
          } else {
            submission.submit(counted(reply));
          }
        });
  }

  private ReplyHandler counted(CompletableFuture<Reply> future) {
    return new ReplyHandler() {
      @Override
      public void replied(Reply reply) {
        pending.decrementAndGet();
        complete(future, reply);
      }

      @Override
      public void failed(ClientException because) {
        pending.decrementAndGet();
        fail(future, because);
      }
    };
  }

  /**
   * Completes a future of the application's, whose dependents may take their time. Any thread's.
   */
  <T> void complete(CompletableFuture<T> future, T value) {
    parts.threads().execute(() -> future.complete(value));
  }

  /** Fails a future of the application's. Any thread's. */
  void fail(CompletableFuture<?> future, RuntimeException because) {
    parts.threads().execute(() -> future.completeExceptionally(because));
  }

  /** What is known of a session, from now on. */
  SessionCore session(SessionId id) {
    return sessions.computeIfAbsent(
        id,
        _ -> {
          var session = new SessionCore(id, this);
          if (isOpen) {
            session.opened();
          }
          return session;
        });
  }

  /** Why there is nothing more to be had; null while there may be. */
  @Nullable ClientException end() {
    return end;
  }

  @Override
  public void opened() {
    isOpen = true;
    complete(firstOpened, this);
    outstanding.opened();
    sessions.values().forEach(SessionCore::opened);
  }

  @Override
  public void lost() {
    isOpen = false;
    outstanding.lost();
    sessions.values().forEach(SessionCore::lost);
  }

  @Override
  public void replied(Reply reply) {
    outstanding.replied(reply);
  }

  @Override
  public void happened(Event event) {
    SessionCore session = sessions.get(event.session());
    if (session != null) {
      session.feed().happened(event);
    }
  }

  @Override
  public void ended(ClientException because) {
    isOpen = false;
    end = because;
    fail(firstOpened, because);
    outstanding.ended(because);
    sessions.values().forEach(session -> session.ended(because));
    parts.timers().close();
    parts.dialer().close();
    closed.complete(null);
  }

  /** Ends everything, and waits until that is decided. Any thread's but the mailbox's. */
  void close() {
    mailbox.execute(
        () ->
            connector.close(
                new ConnectionEndedException(Reason.CLOSED_HERE, "the client was closed")));
    closed.join();
  }

  /** A fault of this client's own: it can't go on. */
  private void onFailure(Throwable failure) {
    connector.close(new ConnectionEndedException(Reason.BROKEN, "the client failed: " + failure));
    report(failure);
  }

  private static void report(Throwable failure) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
  }
}
