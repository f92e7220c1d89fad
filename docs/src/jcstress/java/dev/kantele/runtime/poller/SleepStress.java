package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.backend.Poller;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A task comes while a whole loop, which waits as long as it likes, goes round. The results are:
 * the task ran; the loop waited in vain.
 */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "It ran.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A wake-up is lost.")
@State
public class SleepStress {
  /** The cap would repair what this looks for. */
  static final LoopSettings SETTINGS =
      new LoopSettings(
          "stress",
          /* tasksPerTick= */ 1_024,
          /* tickBudget= */ Duration.ofSeconds(1),
          /* longestWait= */ Duration.ofHours(1),
          /* spin= */ Duration.ZERO,
          /* shutdownGrace= */ Duration.ofSeconds(5),
          /* sampleEvery= */ 0,
          /* timerClamp= */ Optional.empty());

  private final SpinningPoller poller = new SpinningPoller();
  private final PollerLoop loop = new PollerLoop(SETTINGS, poller, Ticker.system(), (_, _) -> {});
  private boolean ran;

  @Actor
  public void loop(ZZ_Result result) {
    while (!ran && !poller.overslept()) {
      int _ = loop.runOnce(Poller.FOREVER);
    }
    result.r1 = ran;
    result.r2 = poller.overslept();
  }

  @Actor
  public void producer() {
    loop.execute(this::run);
  }

  private void run() {
    ran = true;
    // Nothing else comes: the tick that ran it is not to wait.
    loop.wakeup();
  }
}
