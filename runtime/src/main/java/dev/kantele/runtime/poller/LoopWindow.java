package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.LoopSnapshot.Distribution;
import dev.kantele.runtime.poller.LoopSnapshot.Rates;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.HdrHistogram.Histogram;

/** What several slices come to. */
record LoopWindow(List<LoopMetrics.Slice> slices) {
  /** Of those that end after {@code afterNanos}. */
  static LoopWindow of(List<LoopMetrics.Slice> slices, long afterNanos) {
    return new LoopWindow(slices.stream().filter(slice -> slice.toNanos() > afterNanos).toList());
  }

  /** The most of something in any of them. */
  int most(ToIntFunction<LoopMetrics.Slice> of) {
    return slices.stream().mapToInt(of).max().orElse(0);
  }

  Rates rates() {
    double seconds = 0;
    double waitingSeconds = 0;
    long tasks = 0;
    long timers = 0;
    long events = 0;
    for (LoopMetrics.Slice slice : slices) {
      seconds += (slice.toNanos() - slice.fromNanos()) / 1e9;
      waitingSeconds += slice.waitingNanos() / 1e9;
      tasks += slice.tasks();
      timers += slice.timers();
      events += slice.events();
    }
    return seconds == 0
        ? new Rates(0, 0, 0, 0)
        : new Rates(
            tasks / seconds,
            timers / seconds,
            events / seconds,
            Math.clamp(1 - waitingSeconds / seconds, 0, 1));
  }

  Distribution queueWait() {
    return sum(LoopMetrics.times(), LoopMetrics.Slice::queueWait);
  }

  Distribution run() {
    return sum(LoopMetrics.times(), LoopMetrics.Slice::run);
  }

  Distribution timerLateness() {
    return sum(LoopMetrics.times(), LoopMetrics.Slice::timerLateness);
  }

  Distribution eventsPerWait() {
    return sum(LoopMetrics.sizes(), LoopMetrics.Slice::eventsPerWait);
  }

  private Distribution sum(Histogram sum, Function<LoopMetrics.Slice, Histogram> of) {
    for (LoopMetrics.Slice slice : slices) {
      sum.add(of.apply(slice));
    }
    return sum.getTotalCount() == 0
        ? new Distribution(0, 0, 0, 0, 0, 0, 0)
        : new Distribution(
            sum.getTotalCount(),
            sum.getMean(),
            sum.getValueAtPercentile(50),
            sum.getValueAtPercentile(90),
            sum.getValueAtPercentile(99),
            sum.getValueAtPercentile(99.9),
            sum.getMaxValue());
  }
}
