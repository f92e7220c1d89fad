package dev.kantele.cluster.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.sessions.Sessions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The sessions of a node in this process. */
final class EmbeddedSessions implements SessionAccess {
  private static final int PULL_EVENTS = 256;
  private static final int PULL_BYTES = 256 * 1024;

  private final WireCodec codec = new WireCodec();
  private final Sessions sessions;
  private final ClientKey client;
  private final List<String> models;
  private final Runnable onClose;

  /** What {@code sessions} has, and {@code models}; {@code onClose} stops the node. */
  EmbeddedSessions(Sessions sessions, ClientKey client, List<String> models, Runnable onClose) {
    this.sessions = sessions;
    this.client = client;
    this.models = List.copyOf(models);
    this.onClose = onClose;
  }

  @Override
  public Reply submit(Command.OfSession command) {
    return await(sessions.submit(client, command));
  }

  @Override
  public AckBody.Sessions list(int limit, Optional<String> page) {
    List<SessionId> ids = await(sessions.list(page.map(SessionId::new), limit));
    return new AckBody.Sessions(
        ids.stream().map(AckBody.SessionSummary::new).toList(),
        ids.size() < limit ? Optional.empty() : Optional.of(ids.getLast().value()));
  }

  /** All of them on one page: they come from a configuration. */
  @Override
  public AckBody.Models models(int limit, Optional<String> page) {
    return new AckBody.Models(
        models.stream().map(AckBody.ModelSummary::new).toList(), Optional.empty());
  }

  @Override
  public Subscription attach(SessionId session, long after, Optional<LogId> log) {
    var attach =
        new Command.SessionAttach(
            new CommandId(UUID.randomUUID().toString()), session, after, log, OptionalLong.empty());
    AckBody.Attached attached = AccessException.requireAck(submit(attach), AckBody.Attached.class);
    return new Pulling(session, Cursor.of(attached.log(), after), attached.lastSeq());
  }

  @Override
  public void close() {
    onClose.run();
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException _) {
      throw AccessException.lost("the node in this process stopped");
    }
  }

  /** Pulls as it reads. Confined to the thread that reads. */
  private final class Pulling implements Subscription {
    private final SessionId session;
    private final long lastSeqAtStart;
    private final Queue<Event> pulled = new ArrayDeque<>();
    private Cursor cursor;

    Pulling(SessionId session, Cursor cursor, long lastSeqAtStart) {
      this.session = session;
      this.cursor = cursor;
      this.lastSeqAtStart = lastSeqAtStart;
    }

    @Override
    public long lastSeqAtStart() {
      return lastSeqAtStart;
    }

    @Override
    public Received next() {
      while (pulled.isEmpty()) {
        switch (await(sessions.pull(session, cursor, PULL_EVENTS, PULL_BYTES))) {
          case PullReply.Batch(var deliveries, var next) -> {
            deliveries.stream().map(Delivery::event).forEach(pulled::add);
            cursor = next;
          }
          case PullReply.Detached(var _, var message) -> throw AccessException.detached(message);
        }
      }
      Event event = pulled.remove();
      return new Received(event, new String(codec.encode(event), UTF_8));
    }
  }
}
