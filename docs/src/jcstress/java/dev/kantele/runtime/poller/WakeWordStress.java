package dev.kantele.runtime.poller;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Who comes while a loop falls asleep, or sleeps, wakes it. */
public class WakeWordStress {
  /** A loop that falls asleep and a producer. The results are: the loop waits; it is woken. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "It waits and is woken.")
  @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "It does not wait.")
  @Outcome(
      id = "false, true",
      expect = Expect.ACCEPTABLE,
      desc = "It does not wait; the producer did not see that yet.")
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "It waits for ever.")
  @State
  public static class FallingAsleep {
    private final WakeWord word = new WakeWord();
    private final Ingress ingress = new Ingress();

    @Actor
    public void loop(ZZ_Result result) {
      word.sleepUntil(WakeWord.NONE);
      result.r1 = ingress.isEmpty();
      if (!result.r1) {
        word.awake();
      }
    }

    @Actor
    public void producer(ZZ_Result result) {
      boolean _ = ingress.offer(this);
      result.r2 = word.claim(Long.MIN_VALUE) != WakeWord.AWAKE;
    }
  }

  /** Two producers and a loop that sleeps. The results are who wakes it. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = Expect.ACCEPTABLE,
      desc = "One wakes it.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Nobody wakes it, or both do.")
  @State
  public static class Sleeping {
    private final WakeWord word = new WakeWord();

    public Sleeping() {
      word.sleepUntil(WakeWord.NONE);
    }

    @Actor
    public void first(ZZ_Result result) {
      result.r1 = word.claim(Long.MIN_VALUE) != WakeWord.AWAKE;
    }

    @Actor
    public void second(ZZ_Result result) {
      result.r2 = word.claim(Long.MIN_VALUE) != WakeWord.AWAKE;
    }
  }
}
