package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody.SessionSnapshot;
import dev.kantele.protocol.LogId;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.Pulled;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Snapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers subscribers, in one life of the session: from memory, from the journal, or later. */
final class Pulls {
  private final World world;
  private final SimulatedSession session;
  private final SessionLog log;
  private final SimulatedJournal journal;
  private final int rowsOfRead;
  private final Map<SimulatedSubscriber, PullRequest> waiting = new LinkedHashMap<>();
  private int reading;

  Pulls(
      World world,
      SimulatedSession session,
      SessionLog log,
      SimulatedJournal journal,
      int rowsOfRead) {
    this.world = world;
    this.session = session;
    this.log = log;
    this.journal = journal;
    this.rowsOfRead = rowsOfRead;
  }

  boolean areWaiting() {
    return !waiting.isEmpty() || reading > 0;
  }

  /** Whether a subscriber that asked has not got everything. */
  boolean anyBehind() {
    return reading > 0;
  }

  void pull(SessionState state, PullRequest pull) {
    LogId current = state.identity().map(SessionState.Identity::log).orElse(null);
    if (!pull.log().equals(current)) {
      detach(pull);
      return;
    }
    Pulled pulled =
        log.pull(
            pull.after(),
            world.sabotage.horizon(state.horizon(), log.lastSeq()),
            state.index(),
            pull.maxEvents(),
            pull.maxBytes());
    answer(state, pull, pulled);
  }

  private void answer(SessionState state, PullRequest pull, Pulled pulled) {
    switch (pulled) {
      case Pulled.Deliveries(var deliveries) -> reply(pull, deliveries);
      case Pulled.Nothing _ -> waiting.put(pull.subscriber(), pull);
      case Pulled.Ahead(var lastSeq) -> {
        world.findings.add(
            Rule.A_NUMBER_IS_ONE_EVENT,
            "%s was given up to %d, now the log ends at %d"
                .formatted(pull.subscriber(), pull.after(), lastSeq));
        detach(pull);
      }
      case Pulled.ReadJournal(var fromRow, var throughSeq) -> read(pull, fromRow, throughSeq);
      case Pulled.TooOld _ -> snapshot(state, pull);
    }
  }

  private void read(PullRequest pull, long fromRow, long throughSeq) {
    reading++;
    long deleted = journal.deletedThrough();
    world.time.in(
        world.dice.below(40),
        () -> {
          var rows = journal.read(fromRow, throughSeq, rowsOfRead);
          world.time.in(
              world.dice.below(world.dice.oneOf(20, 20, 300)),
              () -> {
                reading--;
                session.tell(new Message.RowsRead(pull, rows, deleted));
              });
        });
  }

  void rowsRead(SessionState state, Message.RowsRead read) {
    PullRequest pull = read.pull();
    LogId current = state.identity().map(SessionState.Identity::log).orElse(null);
    if (!pull.log().equals(current)) {
      detach(pull);
      return;
    }
    if (journal.deletedThrough() != read.deletedBefore()) {
      session.befell(Mishap.ROWS_GO_DURING_A_READ);
    }
    Pulled composed =
        log.compose(pull.after(), state.horizon(), read.rows(), pull.maxEvents(), pull.maxBytes());
    answer(state, pull, composed);
  }

  private void snapshot(SessionState state, PullRequest pull) {
    if (pull.after() + 1 >= state.horizon()) {
      world.findings.add(
          Rule.SNAPSHOTS_ONLY_BEHIND_THE_HORIZON,
          "%s gets a snapshot after %d (horizon: %d)"
              .formatted(pull.subscriber(), pull.after(), state.horizon()));
    }
    var covers = new Covers(1, log.lastSeq());
    var deliveries = new ArrayList<Delivery>();
    for (SessionSnapshot page : Snapshots.of(state, log)) {
      deliveries.add(
          new Delivery(covers, new LogEntry(SimulatedSession.ID, covers, world.time.now(), page)));
    }
    reply(pull, deliveries);
  }

  private void reply(PullRequest pull, List<Delivery> deliveries) {
    pull.subscriber()
        .answered(
            new PullRequest.Answer(
                pull.number(), Optional.of(world.sabotage.deliveries(deliveries)), world.moment()));
  }

  /** Tells a subscriber that its log is no more. */
  void detach(PullRequest pull) {
    pull.subscriber()
        .answered(new PullRequest.Answer(pull.number(), Optional.empty(), world.moment()));
  }

  void detachAll() {
    List<PullRequest> pulls = List.copyOf(waiting.values());
    waiting.clear();
    pulls.forEach(this::detach);
  }

  /** Answers what waits, after something happened. */
  void serve(SessionState state) {
    if (!waiting.isEmpty()) {
      List<PullRequest> pulls = List.copyOf(waiting.values());
      waiting.clear();
      pulls.forEach(pull -> pull(state, pull));
    }
  }

  /** The life is over; whoever waits will ask again. */
  void orphanAll() {
    waiting.values().forEach(pull -> pull.subscriber().lost(pull.number()));
    waiting.clear();
  }

  void forget(SimulatedSubscriber subscriber) {
    waiting.remove(subscriber);
  }
}
