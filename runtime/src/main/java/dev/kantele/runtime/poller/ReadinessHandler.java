package dev.kantele.runtime.poller;

/** Whom a loop tells that a source is ready; on the loop's thread. */
@FunctionalInterface
public interface ReadinessHandler {
  /**
   * The source is ready. Called at most once per registration and wait, never before {@code
   * register} has returned, and never after the registration was cancelled.
   *
   * @param readiness of {@link dev.kantele.runtime.poller.backend.Readiness}, what is asked for and
   *     what is told to all
   */
  void ready(Registration registration, int readiness);

  /** The loop has ended, and with it the registration; the source is still open. */
  default void released(Registration registration) {}
}
