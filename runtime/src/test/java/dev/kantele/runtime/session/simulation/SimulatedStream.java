package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.simulation.Message.Happened;
import java.time.Duration;
import java.util.Optional;

/**
 * A model call as its actor makes it: batches, each after the one before was taken in, then one
 * outcome. It may fall silent, die, not hear that it is to stop, and say its outcome twice.
 */
final class SimulatedStream implements Child {
  private final World world;
  private final SimulatedSession session;
  private final int life;
  private final StreamId stream;
  private final long idleMillis;
  private final StreamScript script;
  private int next;
  private boolean ended;
  private boolean reported;

  SimulatedStream(World world, SimulatedSession session, int life, Effect.CallModel call) {
    this.world = world;
    this.session = session;
    this.life = life;
    this.stream = call.request().stream();
    this.idleMillis = call.idleLimit().toMillis();
    this.script = StreamScript.of(world.dice, world.circumstances, call.request());
  }

  @Override
  public String operation() {
    return stream.value();
  }

  @Override
  public void begin() {
    world.time.in(world.dice.between(1, 120), this::goOn);
  }

  private void goOn() {
    if (ended) {
      return;
    }
    if (next >= script.silentFrom()) {
      befell(Mishap.STREAM_FALLS_SILENT);
      world.time.in(idleMillis, () -> end(broke("timeout", "the stream was silent for too long")));
    } else if (world.mishap(world.circumstances.oddities() / 8)) {
      befell(Mishap.STREAM_DIES);
      end(broke("crashed", "the stream's actor died"));
    } else if (next < script.batches().size()) {
      say(this::taken);
      next++;
    } else {
      if (script.end() instanceof StreamOutcome.Broke broke) {
        befell(Mishap.STREAM_FAILS);
        end(world.mishap(500) ? untilTheTurnEnds(broke) : broke);
      } else {
        end(script.end());
      }
    }
  }

  private void say(Runnable taken) {
    session.tell(
        new Happened(new Input.ModelSaid(stream, script.batches().get(next)), life, false, taken));
  }

  private void taken() {
    world.time.in(
        world.dice.percent(80) ? world.dice.below(40) : world.dice.below(250), this::goOn);
  }

  /* The vendor asks for a pause that the turn's time only just allows. */
  private StreamOutcome untilTheTurnEnds(StreamOutcome.Broke broke) {
    Optional<Duration> pause =
        session
            .state()
            .turn()
            .map(turn -> timeLeft(turn).minusMillis(world.dice.between(350, 750)))
            .filter(Duration::isPositive);
    return new StreamOutcome.Broke(broke.failure(), pause, broke.usage());
  }

  private Duration timeLeft(OpenTurn turn) {
    String agent = session.state().identity().orElseThrow().agent();
    long wallMillis = SimulatedCatalog.limitsOf(agent).wallTime().toMillis();
    long millis =
        turn.request()
            .options()
            .map(options -> Math.min(wallMillis, options.deadlineMs().orElse(wallMillis)))
            .orElse(wallMillis);
    return Duration.between(
        world.time.now(), turn.startedAt().plusMillis(millis + turn.waitedMillis()));
  }

  private static StreamOutcome broke(String code, String message) {
    return new StreamOutcome.Broke(new Failure(code, message, /* retryable= */ true));
  }

  private void end(StreamOutcome outcome) {
    if (ended) {
      return;
    }
    ended = true;
    report(outcome);
    if (world.mishap(world.circumstances.oddities())) {
      world.time.in(world.dice.below(200), () -> report(outcome));
    }
    if (next < script.batches().size() && world.mishap(world.circumstances.oddities())) {
      world.time.in(world.dice.below(200), () -> say(() -> {}));
    }
  }

  private void report(StreamOutcome outcome) {
    boolean again = reported;
    reported = true;
    session.tell(new Happened(new Input.StreamEnded(stream, outcome), life, again, () -> {}));
  }

  @Override
  public void stop() {
    if (ended) {
      return;
    }
    if (world.dice.percent(40)) {
      befell(Mishap.STOP_IGNORED);
      return;
    }
    world.time.in(world.dice.below(30), () -> end(new StreamOutcome.Stopped()));
  }

  @Override
  public void abandon() {
    if (!ended && world.mishap(3 * world.circumstances.oddities())) {
      world.time.in(world.dice.below(900), () -> report(script.end()));
    }
    ended = true;
  }

  @Override
  public void orphan() {
    if (!ended && world.dice.percent(75)) {
      ended = true;
    }
  }

  private void befell(Mishap mishap) {
    if (session.lifeNumber() == life && !session.isDown()) {
      session.befell(mishap);
    }
  }
}
