package dev.kantele.cluster.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node at the other end of a WebSocket. When the connection drops it makes another for as long as
 * {@link Backoff} allows, sends again what had no reply (the ids make that safe), and goes on after
 * the last event that came.
 */
public final class NodeClient implements SessionAccess {
  private static final Duration REPLY_LIMIT = Duration.ofSeconds(30);
  private static final int MAX_TRIES = 5;

  private final NodeUrl url;
  private final Backoff backoff;
  private final Consumer<String> notices;
  private final Connector connector;
  private final AtomicLong ids = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private @Nullable Connection connection;
  private boolean closed;

  private NodeClient(NodeUrl url, Backoff backoff, Consumer<String> notices) {
    this.url = url;
    this.backoff = backoff;
    this.notices = notices;
    this.connector = new Connector(url, new ClientId("cli-" + UUID.randomUUID()));
  }

  /**
   * Connects to the node at {@code url}.
   *
   * @param notices gets a sentence whenever the connection is lost; called by whatever thread finds
   *     out
   * @throws AccessException if no node answers there
   */
  public static NodeClient connect(NodeUrl url, Consumer<String> notices) {
    return connect(url, Backoff.DEFAULT, notices);
  }

  static NodeClient connect(NodeUrl url, Backoff backoff, Consumer<String> notices) {
    var client = new NodeClient(requireNonNull(url, "url"), backoff, notices);
    try {
      client.connection = client.connector.connect(client.newId());
      return client;
    } catch (ConnectionException _) {
      client.close();
      throw AccessException.unreachable("no node answers at " + url);
    } catch (AccessException e) {
      client.close();
      throw e;
    }
  }

  @Override
  public Reply submit(Command.OfSession command) {
    return call(command);
  }

  @Override
  public AckBody.Sessions list(int limit, Optional<String> page) {
    Reply reply = call(new Command.SessionList(newId(), OptionalInt.of(limit), page));
    return AccessException.requireAck(reply, AckBody.Sessions.class);
  }

  @Override
  public Subscription attach(SessionId session, long after, Optional<LogId> log) {
    var subscription = new RemoteSubscription(this, session, after, log);
    subscription.attach();
    return subscription;
  }

  private Reply call(Command command) {
    for (int attempt = 1; ; attempt++) {
      try {
        return current().call(command, REPLY_LIMIT);
      } catch (ConnectionException e) {
        requireAnotherTry(e, attempt);
      }
    }
  }

  /** Throws if connecting again would be in vain. */
  void requireAnotherTry(ConnectionException e, int attempt) {
    if (!e.mayReturn() || attempt >= MAX_TRIES) {
      throw AccessException.broken(
          "the connection to %s ended because %s".formatted(url, e.getMessage()));
    }
  }

  /** A command's name, unique for this client. */
  CommandId newId() {
    return new CommandId("c" + ids.incrementAndGet());
  }

  /** The connection, a new one if the last one ended and that may help. */
  Connection current() throws ConnectionException {
    lock.lock();
    try {
      if (connection != null) {
        connection.requireMayReturn();
      }
      if (connection == null || !connection.isOpen()) {
        notices.accept("the connection to " + url + " was lost; trying again");
        connection = reconnect();
      }
      return connection;
    } finally {
      lock.unlock();
    }
  }

  private Connection reconnect() throws ConnectionException {
    long deadlineNanos = System.nanoTime() + backoff.total().toNanos();
    for (int attempt = 1; System.nanoTime() < deadlineNanos; attempt++) {
      pause(backoff.pause(attempt));
      try {
        return connector.connect(newId());
      } catch (ConnectionException e) {
        if (!e.mayReturn()) {
          throw e;
        }
      }
    }
    throw AccessException.lost(
        "the connection to %s was lost, and no node answered there for %d s"
            .formatted(url, backoff.total().toSeconds()));
  }

  private void pause(Duration pause) throws ConnectionException {
    try {
      boolean over = closed;
      long nanos = pause.toNanos();
      while (!over && nanos > 0) {
        nanos = closing.awaitNanos(nanos);
        over = closed;
      }
      if (over) {
        throw ConnectionException.lasting("it was closed here");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw ConnectionException.lasting("this process is ending");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
      if (connection != null) {
        connection.close();
      }
    } finally {
      lock.unlock();
    }
    connector.close();
  }

  Duration replyLimit() {
    return REPLY_LIMIT;
  }
}
