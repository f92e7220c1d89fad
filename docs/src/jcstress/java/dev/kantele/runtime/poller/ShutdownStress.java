package dev.kantele.runtime.poller;

import java.util.concurrent.RejectedExecutionException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Another thread submits a task while the loop is shut down: it runs once, or is rejected to that
 * thread. The result is 1 for each run and 10 for the rejection.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It ran.")
@Outcome(id = "10", expect = Expect.ACCEPTABLE, desc = "It was rejected.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or twice.")
@State
public class ShutdownStress {
  private static final int REJECTED = 10;

  private final PollerLoop loop =
      new PollerLoop(SleepStress.SETTINGS, new SpinningPoller(), () -> 0, (_, _) -> {});
  private int runs;

  @Actor
  public void loop() {
    loop.shutdown();
  }

  @Actor
  public void producer(I_Result result) {
    try {
      loop.execute(() -> runs++);
    } catch (RejectedExecutionException _) {
      result.r1 = REJECTED;
    }
  }

  @Arbiter
  public void after(I_Result result) {
    result.r1 += runs;
  }
}
