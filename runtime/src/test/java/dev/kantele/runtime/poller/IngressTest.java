package dev.kantele.runtime.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class IngressTest {
  private final Ingress ingress = new Ingress();

  @Nested
  class Open {
    @Test
    void keeps_the_order_over_the_bounds_of_its_chunks() {
      for (int i = 0; i < 5_000; i++) {
        assertThat(ingress.offer(i)).isTrue();
      }
      assertThat(ingress.foreignSize()).isEqualTo(5_000);
      for (int i = 0; i < 5_000; i++) {
        assertThat(ingress.pollForeign()).isEqualTo(i);
      }
      assertThat(ingress.pollForeign()).isNull();
      assertThat(ingress.isEmpty()).isTrue();
    }

    @Test
    void is_not_empty_while_there_is_something_of_either_kind() {
      ingress.offerOwn("own");
      assertThat(ingress.isEmpty()).isFalse();
      assertThat(ingress.ownSize()).isEqualTo(1);
      assertThat(ingress.pollOwn()).isEqualTo("own");
      ingress.offer("foreign");
      assertThat(ingress.isEmpty()).isFalse();
    }
  }

  @Nested
  class Closed {
    @Test
    void hands_over_what_came_in_time_behind_what_was_there() {
      ingress.offer("first");
      ingress.offerOwn("own");
      ingress.offer("second");
      ingress.close();
      assertThat(ingress.pollOwn()).isEqualTo("own");
      assertThat(ingress.pollOwn()).isEqualTo("first");
      assertThat(ingress.pollOwn()).isEqualTo("second");
      assertThat(ingress.pollOwn()).isNull();
    }

    @Test
    void takes_nothing_more() {
      ingress.close();
      assertThat(ingress.offer("late")).isFalse();
      assertThat(ingress.isEmpty()).isTrue();
    }
  }

  @Nested
  class Closing {
    private static final int ROUNDS = 4_000;

    private final Ingress[] ingresses = new Ingress[ROUNDS];
    private final int[] accepted = new int[ROUNDS];
    private final CyclicBarrier barrier = new CyclicBarrier(2);

    @Test
    @Timeout(60)
    void loses_nothing_that_it_took_and_keeps_nothing_that_it_refused() throws Exception {
      for (int i = 0; i < ROUNDS; i++) {
        ingresses[i] = new Ingress();
      }
      Thread producer = Thread.ofPlatform().start(this::produce);
      int[] drained = new int[ROUNDS];
      barrier.await();
      for (int round = 0; round < ROUNDS; round++) {
        Ingress closing = ingresses[round];
        // Most rounds meet while the producer is at it: it begins when it sees the one before end.
        for (int i = ThreadLocalRandom.current().nextInt(30); i > 0; i--) {
          Thread.onSpinWait();
        }
        closing.close();
        while (closing.pollOwn() != null) {
          drained[round]++;
        }
      }
      producer.join();
      assertThat(drained).isEqualTo(accepted);
    }

    private void produce() {
      try {
        barrier.await();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      for (int round = 0; round < ROUNDS; round++) {
        while (ingresses[round].offer(round)) {
          accepted[round]++;
        }
      }
    }
  }
}
