package dev.kantele.runtime.poller.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SimulatedPollerTest extends EdgePollerContract {
  private final SimulatedPoller simulated = new SimulatedPoller();
  private int nextDescriptor;

  @Override
  Poller open() {
    return simulated;
  }

  @Override
  Line line() {
    int descriptor = nextDescriptor++;
    simulated.makeReady(descriptor, Readiness.WRITE);
    return new Line() {
      @Override
      public Watch watch(Trigger trigger, int interest) {
        return new TestWatch(descriptor, trigger, interest);
      }

      @Override
      public void send() {
        simulated.makeReady(descriptor, Readiness.READ);
      }

      @Override
      public void drain() {
        simulated.makeUnready(descriptor, Readiness.READ);
      }

      @Override
      public void fill() {
        simulated.makeUnready(descriptor, Readiness.WRITE);
      }

      @Override
      public void drainOther() {
        simulated.makeReady(descriptor, Readiness.WRITE);
      }

      @Override
      public void hangUp() {
        simulated.makeReady(descriptor, Readiness.READ | Readiness.HANGUP);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void time_passes_only_while_it_waits_for_nothing() throws Exception {
    Ready ready = new Ready();
    simulated.poll(0, ready);
    assertThat(simulated.nanos()).isZero();
    simulated.poll(TimeUnit.HOURS.toNanos(1), ready);
    assertThat(simulated.nanos()).isEqualTo(TimeUnit.HOURS.toNanos(1));
  }
}
