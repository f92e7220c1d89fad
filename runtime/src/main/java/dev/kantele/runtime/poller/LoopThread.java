package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.backend.Cpus;
import dev.kantele.runtime.poller.backend.Syscalls;
import java.io.IOException;
import java.util.OptionalInt;

/** Gives a loop a platform thread of its own: a virtual one would hold on to its carrier. */
public final class LoopThread {
  /** Linux lets a thread sleep for 50 us longer than it asked, unless that is set otherwise. */
  private static final int PR_SET_TIMERSLACK = 29;

  /**
   * Starts a thread that runs the loop until it ends.
   *
   * @param daemon whether the JVM ends though it runs
   * @param cpu which processor to run on; anywhere if empty
   * @param faults told if the system refuses the processor; the loop runs nevertheless
   * @throws IllegalStateException if the loop has a thread already
   */
  public static Thread start(
      PollerLoop loop, boolean daemon, OptionalInt cpu, Syscalls syscalls, FaultHandler faults) {
    Thread thread =
        Thread.ofPlatform()
            .name(loop.name())
            .daemon(daemon)
            .unstarted(
                () -> {
                  // Where it is refused or unknown, timers are a little later.
                  syscalls.prctl(PR_SET_TIMERSLACK, 1);
                  if (cpu.isPresent()) {
                    pin(loop, cpu.getAsInt(), syscalls, faults);
                  }
                  loop.run();
                });
    // Before it begins, so that nobody else finds the loop without an owner and ends it himself.
    loop.adoptBy(thread);
    thread.start();
    return thread;
  }

  private static void pin(PollerLoop loop, int cpu, Syscalls syscalls, FaultHandler faults) {
    try {
      Cpus.pin(syscalls, cpu);
    } catch (IOException e) {
      faults.fault("running loop " + loop.name() + " on processor " + cpu, e);
    }
  }

  private LoopThread() {}
}
