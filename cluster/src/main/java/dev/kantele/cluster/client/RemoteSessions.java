package dev.kantele.cluster.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.client.ClientException;
import dev.kantele.protocol.client.ClientSettings;
import dev.kantele.protocol.client.ConnectionChange;
import dev.kantele.protocol.client.KanteleClient;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** The sessions of a node at the other end of a connection, which is made again when it is lost. */
public final class RemoteSessions implements SessionAccess {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final KanteleClient client;

  private RemoteSessions(KanteleClient client) {
    this.client = client;
  }

  /**
   * Connects to the node at {@code url}.
   *
   * @param token what makes this client known to the node
   * @param patience how long a node that went away is waited for
   * @param notices gets a sentence whenever the connection is lost or mended, on another thread
   * @throws AccessException if no node answers there
   * @throws IllegalArgumentException if {@code url} is no address
   */
  public static RemoteSessions connect(
      String url, Optional<Secret> token, Duration patience, Consumer<String> notices) {
    ClientSettings settings =
        ClientSettings.of(url)
            .token(() -> token)
            .client("cli-" + UUID.randomUUID())
            .backoff(FIRST_PAUSE, LONGEST_PAUSE)
            .limits(CONNECT_LIMIT, patience)
            .onChange(new Notices(url, notices));
    try {
      return new RemoteSessions(KanteleClient.connect(settings));
    } catch (ClientException e) {
      throw Failures.asAccess(e, url);
    }
  }

  /** Tells of a loss once, however many tries it takes, and of its end. Called one at a time. */
  private static final class Notices implements Consumer<ConnectionChange> {
    private final String url;
    private final Consumer<String> notices;
    private boolean connected;
    private boolean lost;

    Notices(String url, Consumer<String> notices) {
      this.url = url;
      this.notices = requireNonNull(notices, "notices");
    }

    @Override
    public void accept(ConnectionChange change) {
      switch (change) {
        case ConnectionChange.Connected _ -> {
          connected = true;
          if (lost) {
            lost = false;
            notices.accept("connected again");
          }
        }
        case ConnectionChange.Lost _ -> {
          if (connected) {
            connected = false;
            lost = true;
            notices.accept("the connection to " + url + " was lost; trying again");
          }
        }
      }
    }
  }

  @Override
  public Reply submit(Command.OfSession command) {
    return await(client.submit(command));
  }

  @Override
  public AckBody.Sessions list(int limit, Optional<String> page) {
    return await(client.sessions(limit, page));
  }

  @Override
  public AckBody.Models models(int limit, Optional<String> page) {
    return await(client.models(limit, page));
  }

  @Override
  public Subscription attach(SessionId session, long after, Optional<LogId> log) {
    Reply reply = submit(new Command.SessionStatus(client.newCommandId(), session));
    AckBody.Status status = AccessException.requireAck(reply, AckBody.Status.class);
    var subscription = new RemoteSubscription(status.lastSeq());
    client.events(session, log, after).subscribe(subscription);
    return subscription;
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw Failures.asAccess(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failures.interrupted();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
