package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.session.SessionState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who reads a session's log: pull after pull, fast or slow, over connections that break,
 * and from the cursor on again. What comes is checked by a {@link Reader}.
 */
final class SimulatedSubscriber {
  private final World world;
  private final SimulatedSession session;
  private final String name;
  private final Mailer mailer;
  private final int maxEvents;
  private final long maxBytes;
  private final int haste;
  private @Nullable Reader reader;
  private boolean connected;
  private long connection;
  private long pulls;
  private long awaited;
  private int commands;

  SimulatedSubscriber(World world, SimulatedSession session, String principal, String name) {
    this.world = world;
    this.session = session;
    this.name = name;
    this.mailer = new Mailer(world, session, new ClientKey(principal, new ClientId(name)));
    this.maxEvents = world.dice.pick(List.of(1, 3, 64, 1_000));
    this.maxBytes = world.dice.pick(List.of(1L, 300L, 3_000L, 1L << 20));
    this.haste = world.dice.pick(List.of(5, 5, 60, 400));
  }

  void begin() {
    world.time.in(world.dice.between(1, world.dice.oneOf(50, 6_000)), this::attach);
  }

  private void attach() {
    connected = true;
    long opened = ++connection;
    long after = reader == null ? 0 : reader.last();
    Optional<LogId> log = reader == null ? Optional.empty() : Optional.of(reader.log());
    mailer.send(
        new Command.SessionAttach(
            new CommandId(name + "-" + ++commands),
            SimulatedSession.ID,
            after,
            log,
            OptionalLong.empty()),
        reply -> {
          if (connection == opened && connected) {
            attached(reply);
          }
        });
  }

  private void attached(Reply reply) {
    switch (reply) {
      case Reply.Ack(_, _, AckBody.Attached(var log, var lastSeq, _)) -> {
        if (reader == null) {
          reader = newReader(log, lastSeq);
        }
        planBreak();
        pull();
      }
      case Reply.Nack(_, var error) -> {
        if (error.code() == ErrorCode.CURSOR_UNKNOWN) {
          unknown(error.message());
        }
        if (!world.calm || error.code() != ErrorCode.SESSION_NOT_FOUND) {
          world.time.in(world.dice.between(50, 500), this::attach);
        }
      }
      case Reply.Ack _, Reply.Welcome _, Reply.Pong _ -> {}
    }
  }

  /* Connections break by themselves too, not only under what they carry. */
  private void planBreak() {
    if (world.mishap(4 * world.circumstances.losses())) {
      long breaking = connection;
      world.time.in(
          world.dice.below(3_000),
          () -> {
            if (connected && connection == breaking && !world.calm) {
              disconnect();
            }
          });
    }
  }

  private Reader newReader(LogId log, long lastSeq) {
    if (world.dice.percent(70)) {
      return new Reader(world, session, name, log, 0);
    }
    session.befell(Mishap.LATE_JOINER);
    return new Reader(world, session, name, log, lastSeq);
  }

  private void unknown(String message) {
    Reader lost = reader;
    reader = null;
    Ledger ledger = session.books().ledger();
    if (lost != null && ledger != null && lost.log().equals(ledger.log)) {
      world.findings.add(
          Rule.A_NUMBER_IS_ONE_EVENT, name + " has a cursor that is not known: " + message);
    }
  }

  private void pull() {
    Reader reading = reader;
    if (reading == null || !connected) {
      return;
    }
    awaited = ++pulls;
    long asked = awaited;
    session.tell(
        new Message.Asked(
            new PullRequest(this, asked, reading.log(), reading.last(), maxEvents, maxBytes)));
    if (!world.calm) {
      world.time.in(world.dice.between(300, 1_500), () -> pullAgain(asked));
    }
  }

  /** The session does not know of a pull any more. */
  void lost(long asked) {
    world.time.in(world.dice.between(300, 1_500), () -> pullAgain(asked));
  }

  private void pullAgain(long asked) {
    if (awaited == asked) {
      pull();
    }
  }

  /** The session answers a pull. */
  void answered(PullRequest.Answer answer) {
    if (world.mishap(world.circumstances.losses())) {
      session.befell(Mishap.BATCH_LOST);
      return;
    }
    long opened = connection;
    world.time.in(
        world.dice.below(10),
        () -> {
          if (connected && connection == opened && awaited == answer.number()) {
            read(answer);
          }
        });
  }

  private void read(PullRequest.Answer answer) {
    awaited = 0;
    Reader reading = reader;
    if (reading == null) {
      return;
    }
    if (answer.deliveries().isEmpty()) {
      reader = null;
      world.time.in(world.dice.below(200), this::attach);
      return;
    }
    int count = 0;
    for (Delivery delivery : answer.deliveries().get()) {
      if (world.mishap(world.circumstances.losses() / 20)) {
        disconnect();
        return;
      }
      reading.read(delivery.event(), answer.moment());
      count++;
    }
    world.trace.add(name, count);
    if (world.mishap(world.circumstances.losses() / 4)) {
      disconnect();
    } else if (world.mishap(world.circumstances.losses() / 2)) {
      session.befell(Mishap.SLOW_READER);
      world.time.in(world.dice.between(500, 4_000), this::pull);
    } else {
      world.time.in(world.calm ? 0 : world.dice.below(haste), this::pull);
    }
  }

  private void disconnect() {
    session.befell(Mishap.DISCONNECT);
    connected = false;
    awaited = 0;
    session.disconnected(this);
    world.time.in(world.dice.between(10, 2_500), this::attach);
  }

  /** Everything has settled: nothing may be missing and nothing open. */
  void settled() {
    Reader reading = reader;
    Optional<LogId> current = session.state().identity().map(SessionState.Identity::log);
    if (reading != null && current.equals(Optional.of(reading.log()))) {
      reading.settled(session.log().lastSeq());
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
