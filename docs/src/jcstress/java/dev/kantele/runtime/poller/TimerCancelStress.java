package dev.kantele.runtime.poller;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * Another thread calls a timer off while it comes due: either it runs, or that is told that it does
 * not. The results are: it was called off; how often it ran.
 */
@JCStressTest
@Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "It ran.")
@Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "It was called off.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or twice.")
@State
public class TimerCancelStress {
  private int runs;
  private final PollerLoop loop =
      new PollerLoop(SleepStress.SETTINGS, new SpinningPoller(), () -> 0, (_, _) -> {});
  private final Timer timer = loop.timer(_ -> runs++);

  public TimerCancelStress() {
    timer.scheduleNanos(0);
  }

  @Actor
  public void loop(ZI_Result result) {
    // The first takes it in, and no timer runs in the tick that does.
    int _ = loop.runOnce(0);
    int _ = loop.runOnce(0);
    result.r2 = runs;
  }

  @Actor
  public void canceller(ZI_Result result) {
    result.r1 = timer.cancel();
  }
}
