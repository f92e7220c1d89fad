package dev.kantele.runtime.poller;

/** Whom a loop tells what tasks, timers and handlers threw, and what failed of its own. */
@FunctionalInterface
public interface FaultHandler {
  /**
   * Something failed; the loop goes on unless it says otherwise. On the loop's thread, but for
   * wake-ups that fail.
   *
   * @param what failed: {@code "a task"}
   */
  void fault(String what, Throwable thrown);
}
