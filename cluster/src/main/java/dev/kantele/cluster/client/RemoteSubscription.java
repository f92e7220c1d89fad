package dev.kantele.cluster.client;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.sequence.EventCursor;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A session's events over whatever connection there is: after a lost one, or one that left
 * something out, it attaches again after the last event that it passed on. The node never has more
 * than {@link #CREDIT} events on the way, so a slow reader holds up no reply. Confined to the
 * thread that reads.
 */
final class RemoteSubscription implements Subscription {
  private static final int CREDIT = 256;

  private final NodeClient client;
  private final SessionId session;
  private EventCursor cursor;
  private Optional<LogId> log;
  private long lastSeqAtStart = -1;

  private @Nullable Connection connection;
  private @Nullable EventBuffer buffer;
  private int taken;
  private Duration silence = Duration.ZERO;

  /** How many times in a row it attached without getting an event that fits. */
  private int vainAttempts;

  RemoteSubscription(NodeClient client, SessionId session, long after, Optional<LogId> log) {
    this.client = client;
    this.session = session;
    this.cursor = EventCursor.after(after);
    this.log = log;
  }

  @Override
  public long lastSeqAtStart() {
    return lastSeqAtStart;
  }

  @Override
  public Received next() {
    while (true) {
      if (buffer == null || connection == null) {
        attach();
        continue;
      }
      try {
        Optional<Received> received = buffer.take(Connection.PROBE);
        if (received.isEmpty()) {
          check(connection);
          continue;
        }
        silence = Duration.ZERO;
        giveCredit();
        if (fits(received.get().event())) {
          return received.get();
        }
      } catch (ConnectionException e) {
        giveUp(e);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw AccessException.lost("this process is ending");
      }
    }
  }

  /**
   * Nothing came for a while: finds out whether the connection, and now and then the node, is
   * there.
   */
  private void check(Connection current) throws ConnectionException {
    silence = silence.plus(Connection.PROBE);
    if (silence.compareTo(current.heartbeat()) < 0) {
      current.probe();
    } else {
      silence = Duration.ZERO;
      current.call(new Command.Ping(client.newId()), client.replyLimit());
    }
  }

  /** Moves the cursor, or, if the event is not the next, gives up this buffer. */
  private boolean fits(Event event) {
    if (event.body() instanceof EventBody.SessionDetached detached) {
      return giveUp(detached.message());
    }
    return switch (cursor.accept(event.covers(), event.body())) {
      case EventCursor.Step.Accepted accepted -> {
        cursor = accepted.next();
        vainAttempts = 0;
        yield true;
      }
      case EventCursor.Step.Hole(var expected, var got) ->
          giveUp("event %d came where %d was due".formatted(got.from(), expected));
      case EventCursor.Step.Repeat(var expected, var got) ->
          giveUp("event %d came where %d was due".formatted(got.from(), expected));
    };
  }

  private boolean giveUp(String because) {
    giveUp(ConnectionException.passing(because));
    return false;
  }

  private void giveUp(ConnectionException because) {
    vainAttempts++;
    client.requireAnotherTry(because, vainAttempts);
    buffer = null;
  }

  /** Begins, or begins again, after the cursor. */
  void attach() {
    for (int attempt = 1; buffer == null; attempt++) {
      try {
        attach(client.current());
      } catch (ConnectionException e) {
        client.requireAnotherTry(e, attempt);
      }
    }
  }

  private void attach(Connection current) throws ConnectionException {
    EventBuffer fresh = current.buffer(session, CREDIT);
    Reply reply =
        current.call(
            new Command.SessionAttach(
                client.newId(), session, cursor.last(), log, OptionalLong.of(CREDIT)),
            client.replyLimit());
    AckBody.Attached attached = AccessException.requireAck(reply, AckBody.Attached.class);
    log = Optional.of(attached.log());
    if (lastSeqAtStart < 0) {
      lastSeqAtStart = attached.lastSeq();
    }
    cursor = EventCursor.after(cursor.last());
    connection = current;
    buffer = fresh;
    taken = 0;
  }

  private void giveCredit() throws ConnectionException {
    taken++;
    if (taken == CREDIT / 2 && connection != null) {
      taken = 0;
      connection.send(new Command.SessionCredit(client.newId(), session, CREDIT / 2));
    }
  }
}
