package dev.kantele.runtime.poller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.Readiness;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/** Whatever happens in whatever order, a loop does what a simple model of it says. */
class LoopProperties {
  private static final long NOT_IN_A_TICK = -1;
  private static final ExecutorService ELSEWHERE = Executors.newSingleThreadExecutor();

  @AfterContainer
  static void stop() {
    ELSEWHERE.shutdown();
  }

  @Property(tries = 300)
  void tasks_all_run_once_and_each_producers_in_order(@ForAll long seed) throws IOException {
    Run run = new Run(seed);
    run.steps(60);
    run.finish();
    assertThat(run.ranHere).isEqualTo(counted(run.postedHere));
    assertThat(run.ranElsewhere).isEqualTo(counted(run.postedElsewhere));
    assertThat(run.rig.faults).isEmpty();
  }

  @Property(tries = 300)
  void timers_run_when_the_model_says_and_never_early_and_in_order(@ForAll long seed)
      throws IOException {
    Run run = new Run(seed);
    run.steps(120);
    run.finish();
    for (ModelTimer timer : run.timers) {
      assertThat(timer.deadline == null || timer.deadline > run.rig.loop.nanos())
          .as("nothing that is due is left over: %s", timer)
          .isTrue();
      assertThat(timer.timer.scheduled()).isEqualTo(timer.deadline != null);
    }
    assertThat(run.rig.faults).isEmpty();
  }

  @Property(tries = 300)
  void handlers_hear_what_they_ask_for_and_nothing_after_they_cancelled(@ForAll long seed)
      throws IOException {
    Run run = new Run(seed);
    run.steps(120);
    run.tick(0);
    for (ModelSource source : run.sources) {
      source.told = 0;
    }
    run.tick(0);
    for (ModelSource source : run.sources) {
      if (source.registration != null && source.trigger == Trigger.LEVEL) {
        assertThat(source.told)
            .as("by level it is told at each wait: %s", source)
            .isEqualTo(source.ready & source.interest);
      }
    }
    assertThat(run.rig.faults).isEmpty();
  }

  private static List<Integer> counted(int to) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < to; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static final class ModelTimer {
    final Timer timer;
    final long period;
    @Nullable Long deadline;
    long scheduledInTick = NOT_IN_A_TICK;

    ModelTimer(Timer timer, long period) {
      this.timer = timer;
      this.period = period;
    }

    @Override
    public String toString() {
      return timer + ", expected at " + deadline;
    }
  }

  private static final class ModelSource {
    final int descriptor;
    @Nullable Registration registration;
    Trigger trigger = Trigger.LEVEL;
    int interest;
    int ready;
    int told;

    ModelSource(int descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public String toString() {
      return registration + ", ready " + ready + ", expected for " + interest;
    }
  }

  private static final class Run {
    final LoopRig rig = new LoopRig(settings -> LoopRig.with(settings, 16, Duration.ofNanos(50)));
    final Random random;
    final List<ModelTimer> timers = new ArrayList<>();
    final List<ModelSource> sources = new ArrayList<>();
    final List<Integer> ranHere = new ArrayList<>();
    final List<Integer> ranElsewhere = new ArrayList<>();
    final Map<Timer, ModelTimer> byTimer = new HashMap<>();
    int postedHere;
    int postedElsewhere;
    long ticks;
    long tick = NOT_IN_A_TICK;
    long lastDeadline;
    boolean quiet;

    Run(long seed) {
      this.random = new Random(seed);
      rig.loop.adopt();
      for (int i = 0; i < 6; i++) {
        addTimer(i < 4 ? 0 : 7 + i);
      }
      for (int i = 0; i < 4; i++) {
        sources.add(new ModelSource(i));
      }
    }

    private void addTimer(long period) {
      TimerTask task = timer -> due(timer);
      Timer timer =
          period == 0 ? rig.loop.timer(task) : rig.loop.interval(Duration.ofNanos(period), task);
      ModelTimer model = new ModelTimer(timer, period);
      timers.add(model);
      byTimer.put(timer, model);
    }

    void steps(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        step();
      }
    }

    private void step() throws IOException {
      switch (random.nextInt(10)) {
        case 0 -> maybeElsewhere(this::schedule);
        case 1 -> maybeElsewhere(this::cancel);
        case 2 -> rig.loop.execute(this::inside);
        case 3 -> post();
        case 4 -> postElsewhere();
        case 5 -> register();
        case 6 -> changeSource();
        case 7 -> rig.poller.advance(random.nextInt(20));
        default -> tick(random.nextInt(40));
      }
    }

    void finish() {
      quiet = true;
      for (int i = 0; i < 400; i++) {
        tick(1);
      }
      tick(0);
      // One that repeats is due again by the time that the ticks have taken.
      timers.stream().filter(timer -> timer.period > 0).forEach(this::cancel);
    }

    private void tick(long maxWait) {
      tick = ++ticks;
      lastDeadline = -1;
      rig.loop.runOnce(maxWait);
      tick = NOT_IN_A_TICK;
    }

    /** Something of what one can do, in a task of the loop. */
    private void inside() {
      if (random.nextBoolean()) {
        schedule(timers.get(random.nextInt(timers.size())));
      } else {
        post();
      }
      rig.poller.advance(random.nextInt(3));
    }

    private void post() {
      int number = postedHere++;
      rig.loop.execute(() -> ranHere.add(number));
    }

    private void postElsewhere() {
      elsewhere(
          () -> {
            int number = postedElsewhere++;
            rig.loop.execute(() -> ranElsewhere.add(number));
          });
    }

    private void maybeElsewhere(Consumer<ModelTimer> action) {
      ModelTimer timer = timers.get(random.nextInt(timers.size()));
      if (random.nextBoolean()) {
        action.accept(timer);
      } else {
        elsewhere(() -> action.accept(timer));
      }
    }

    private void schedule(ModelTimer model) {
      long delay = random.nextInt(30);
      model.deadline = rig.loop.nanos() + delay;
      model.scheduledInTick = tick;
      model.timer.scheduleNanos(delay);
    }

    private void cancel(ModelTimer model) {
      assertThat(model.timer.cancel()).isEqualTo(model.deadline != null);
      model.deadline = null;
    }

    private void due(Timer timer) {
      ModelTimer model = requireNonNull(byTimer.get(timer));
      assertThat(model.deadline).as("expected to run").isNotNull();
      long deadline = requireNonNull(model.deadline);
      assertThat(deadline).as("not early").isLessThanOrEqualTo(rig.loop.nanos());
      assertThat(deadline).as("in order").isGreaterThanOrEqualTo(lastDeadline);
      lastDeadline = deadline;
      assertThat(model.scheduledInTick).as("not in the same tick").isNotEqualTo(tick);
      if (model.period == 0) {
        model.deadline = null;
      } else {
        long next = deadline + model.period;
        assertThat(timer.wanted()).isGreaterThanOrEqualTo(next);
        assertThat((timer.wanted() - deadline) % model.period).as("no drift").isZero();
        model.deadline = timer.wanted();
      }
      if (quiet) {
        return;
      }
      if (random.nextInt(4) == 0) {
        schedule(timers.get(random.nextInt(timers.size())));
      }
      if (random.nextInt(4) == 0) {
        cancel(timers.get(random.nextInt(timers.size())));
      }
    }

    private void register() throws IOException {
      ModelSource source = sources.get(random.nextInt(sources.size()));
      Registration there = source.registration;
      if (there != null) {
        there.cancel();
        source.registration = null;
        return;
      }
      source.trigger = List.of(Trigger.values()).get(random.nextInt(3));
      source.interest = random.nextInt(4);
      source.registration =
          rig.loop.register(
              source.descriptor,
              source.trigger,
              source.interest,
              (registration, readiness) -> told(source, registration, readiness));
    }

    private void told(ModelSource source, Registration registration, int readiness) {
      assertThat(registration).as("not cancelled").isSameAs(source.registration);
      assertThat(readiness & ~(source.interest | Readiness.HANGUP)).as("asked for").isZero();
      source.told = readiness & Interest.READ_WRITE;
      if (source.trigger == Trigger.ONE_SHOT) {
        source.interest = 0;
      }
    }

    private void changeSource() throws IOException {
      ModelSource source = sources.get(random.nextInt(sources.size()));
      int bits = random.nextInt(4);
      switch (random.nextInt(3)) {
        case 0 -> {
          source.ready |= bits;
          rig.poller.makeReady(source.descriptor, bits);
        }
        case 1 -> {
          source.ready &= ~bits;
          rig.poller.makeUnready(source.descriptor, bits);
        }
        default -> {
          if (source.registration != null) {
            source.registration.interest(bits);
            source.interest = bits;
          }
        }
      }
    }

    private static void elsewhere(Runnable action) {
      try {
        ELSEWHERE.submit(action).get();
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }
}
