package dev.kantele.runtime.model.bedrock;

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
 * Fails with a {@link TimeoutException} when the vendor is silent for too long while something is
 * expected of it: a reader that is slow is no silence of the vendor's.
 */
final class Patience<T> extends GraphStage<FlowShape<T, T>> {
  private static final String SILENCE = "silence";

  private final Inlet<T> in = Inlet.create("patience.in");
  private final Outlet<T> out = Outlet.create("patience.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);
  private final Duration first;
  private final Duration next;

  /** Waits so long for the first element, and so long for each further one. */
  Patience(Duration first, Duration next) {
    this.first = first;
    this.next = next;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Waiting();
  }

  private final class Waiting extends TimerGraphStageLogic {
    private boolean begun;

    Waiting() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              begun = true;
              cancelTimer(SILENCE);
              push(out, grab(in));
            }

            @Override
            public void onPull() {
              pull(in);
              if (begun) {
                scheduleOnce(SILENCE, next);
              }
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(SILENCE, first);
    }

    @Override
    public void onTimer(Object timer) {
      failStage(new TimeoutException());
    }
  }
}
