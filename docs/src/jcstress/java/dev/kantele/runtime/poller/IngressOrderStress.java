package dev.kantele.runtime.poller;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What is put in comes out, each once, and each producer's in its order, also where the queue goes
 * on in another array. The results are what came of each producer, in its order.
 */
public class IngressOrderStress {
  private static final int EACH = 3;

  /** How many go through before, so that the next ones are at the end of the queue's array. */
  private static final int BEFORE = 1_021;

  /** A producer, while the loop takes out. */
  @JCStressTest
  @Outcome(id = "123", expect = Expect.ACCEPTABLE, desc = "All, in order.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled or out of order.")
  @State
  public static class WhileTakenOut {
    private final Ingress ingress = atArrayEnd();

    @Actor
    public void producer() {
      put(ingress, 1);
    }

    @Actor
    public void loop(I_Result result) {
      for (int i = 0; i < EACH; i++) {
        note(ingress.pollForeign(), result);
      }
    }

    @Arbiter
    public void rest(I_Result result) {
      while (!ingress.isEmpty()) {
        note(ingress.pollForeign(), result);
      }
    }

    private static void note(@Nullable Object task, I_Result result) {
      if (task != null) {
        result.r1 = 10 * result.r1 + (Integer) task;
      }
    }
  }

  /** Two producers, before the loop takes out. */
  @JCStressTest
  @Outcome(id = "123, 456", expect = Expect.ACCEPTABLE, desc = "All, each in order.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled or out of order.")
  @State
  public static class TwoProducers {
    private final Ingress ingress = atArrayEnd();

    @Actor
    public void first() {
      put(ingress, 1);
    }

    @Actor
    public void second() {
      put(ingress, EACH + 1);
    }

    @Arbiter
    public void loop(II_Result result) {
      while (!ingress.isEmpty()) {
        Object task = ingress.pollForeign();
        if (task instanceof Integer number && number <= EACH) {
          result.r1 = 10 * result.r1 + number;
        } else if (task instanceof Integer number) {
          result.r2 = 10 * result.r2 + number;
        }
      }
    }
  }

  private static Ingress atArrayEnd() {
    var ingress = new Ingress();
    for (int i = 0; i < BEFORE; i++) {
      boolean _ = ingress.offer(0);
      var _ = ingress.pollForeign();
    }
    return ingress;
  }

  private static void put(Ingress ingress, int from) {
    for (int i = from; i < from + EACH; i++) {
      boolean _ = ingress.offer(i);
    }
  }
}
