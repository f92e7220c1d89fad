package dev.kantele.runtime.poller;

/** What a timer is for; called on the loop's thread. */
@FunctionalInterface
public interface TimerTask {
  /** The time has come. The timer may be scheduled again, or cancelled, from here. */
  void due(Timer timer);

  /** The loop has ended, and the timer with it, though it was scheduled. */
  default void dropped(Timer timer) {}
}
