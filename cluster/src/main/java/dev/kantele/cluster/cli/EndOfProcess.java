package dev.kantele.cluster.cli;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command finish when the process is told to end (SIGINT, SIGTERM): it is asked to, and the
 * process waits for it, but not for ever. Who tells it once more has it end at once. Closed when
 * the command has finished.
 */
final class EndOfProcess implements AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  /**
   * Begins to listen.
   *
   * @param ask asks the command to finish; run by a thread of its own, for which nobody waits
   * @param patience how long the command may take to finish
   * @param exitCode what the process then tells; by default 128 and the number of the signal
   */
  EndOfProcess(Runnable ask, Duration patience, OptionalInt exitCode) {
    this.hook =
        Thread.ofPlatform()
            .name("end-of-process")
            .unstarted(
                () -> {
                  SecondSignal.endsAtOnce();
                  Thread.ofVirtual().start(ask);
                  await(patience);
                  exitCode.ifPresent(code -> Runtime.getRuntime().halt(code));
                });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void await(Duration patience) {
    try {
      boolean _ = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending: the hook runs, and sees that this has finished.
    }
  }
}
