package dev.kantele.runtime.session.actor;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Fails with {@link TimeoutException} where a source that was asked for an element gives none for
 * too long: after the limit, and at most a sixteenth of it later. Pekko's {@code idleTimeout} asks
 * the clock of the system, and so knows no other time; this one counts the scheduler's ticks.
 */
final class SilenceLimit<T> extends GraphStage<FlowShape<T, T>> {
  private static final int TICKS = 16;

  private final Inlet<T> in = Inlet.create("silence.in");
  private final Outlet<T> out = Outlet.create("silence.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);
  private final Duration limit;

  SilenceLimit(Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: more than 0)");
    }
    this.limit = limit;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    /** Ticks since the source was asked, or gave something. */
    private int ticks;

    Logic() {
      super(shape);
      setHandlers(in, out, new Handler());
    }

    @Override
    public void preStart() {
      Duration tick = limit.dividedBy(TICKS);
      scheduleWithFixedDelay("tick", tick, tick.isZero() ? Duration.ofNanos(1) : tick);
    }

    @Override
    public void onTimer(Object timerKey) {
      if (hasBeenPulled(in) && ++ticks > TICKS) {
        failStage(new TimeoutException("Nothing came for " + limit + "."));
      }
    }

    private final class Handler extends AbstractInOutHandler {
      @Override
      public void onPush() {
        ticks = 0;
        push(out, grab(in));
      }

      @Override
      public void onPull() {
        ticks = 0;
        pull(in);
      }
    }
  }
}
