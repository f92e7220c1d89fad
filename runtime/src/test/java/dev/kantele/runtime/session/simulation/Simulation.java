package dev.kantele.runtime.session.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * One schedule: clients, subscribers, models, tools, a journal and a node around one session, for
 * some seconds of virtual time in which things go wrong, and then until everything has settled.
 */
final class Simulation {
  private static final int MAX_EVENTS = 60_000;

  private final World world;
  private final SimulatedSession session;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final List<SimulatedSubscriber> subscribers = new ArrayList<>();

  /** What came of a schedule. */
  record Outcome(
      long seed,
      List<Findings.Finding> findings,
      long hash,
      int events,
      Coverage coverage,
      List<String> trace) {}

  /** Plays the schedule of {@code seed}. */
  static Outcome play(long seed, PlantedFault planted) {
    return new Simulation(new World(seed, planted, /* traced= */ false)).play(seed);
  }

  /** Plays it again, and writes down what happens. */
  static Outcome traced(long seed, PlantedFault planted) {
    return new Simulation(new World(seed, planted, /* traced= */ true)).play(seed);
  }

  private Simulation(World world) {
    this.world = world;
    this.session = new SimulatedSession(world);
    for (int i = 0; i < world.circumstances.clients(); i++) {
      clients.add(new SimulatedClient(world, session, "ada", "client" + i));
    }
    for (int i = 0; i < world.circumstances.subscribers(); i++) {
      subscribers.add(new SimulatedSubscriber(world, session, "ada", "reader" + i));
    }
  }

  private Outcome play(long seed) {
    session.start();
    clients.forEach(SimulatedClient::begin);
    subscribers.forEach(SimulatedSubscriber::begin);
    new Stranger(world, session).begin();
    planMisfortune();
    world.time.in(world.circumstances.chaosMillis(), () -> world.calm = true);
    int events = 0;
    while (!world.findings.any() && events < MAX_EVENTS && world.time.advance()) {
      events++;
    }
    if (!world.findings.any()) {
      settled(events);
    }
    return new Outcome(
        seed,
        world.findings.all(),
        world.trace.hash(),
        events,
        world.coverage,
        world.trace.lines());
  }

  private void planMisfortune() {
    int every = world.circumstances.crashEveryMillis();
    if (every > 0) {
      planCrash(every);
    }
    planRest();
  }

  private void planCrash(int everyMillis) {
    world.time.in(
        world.dice.between(1, 2 * everyMillis),
        () -> {
          if (!world.calm) {
            session.crashUnlessCalm();
            planCrash(everyMillis);
          }
        });
  }

  private void planRest() {
    world.time.in(
        world.dice.between(100, 1_500),
        () -> {
          if (!world.calm) {
            session.tell(new Message.Idle(world.dice.percent(50)));
            planRest();
          }
        });
  }

  private void settled(int events) {
    if (events == MAX_EVENTS) {
      world.findings.add(Rule.TURNS_GO_ON_ALONE, "it does not come to rest");
      return;
    }
    if (session.isAsleep()) {
      session.start();
      while (world.time.advance()) {
        events++;
      }
    }
    List<Object> open = new ArrayList<>(session.books().turns().open());
    Ledger ledger = session.books().ledger();
    if (ledger != null) {
      open.addAll(ledger.open());
    }
    if (!open.isEmpty() || session.state().isBusy() || !session.isReady()) {
      world.findings.add(
          Rule.TURNS_GO_ON_ALONE, "still open: %s in %s".formatted(open, session.condition()));
      return;
    }
    session.checkFold();
    subscribers.forEach(SimulatedSubscriber::settled);
  }
}
