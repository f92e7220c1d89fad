package dev.kantele.runtime.poller;

/**
 * How a loop does. Counts are since it began, in nanoseconds where their name says so; the last
 * five are of the last ten seconds, without the second that runs.
 *
 * @param ageNanos how long it has been
 * @param ticks how often it went round
 * @param tasks that ran, those that failed too
 * @param timers that ran
 * @param events that handlers were told of
 * @param rejected tasks that came when it took no more
 * @param discarded tasks that waited when it was closed
 * @param faults that were reported
 * @param waits in the kernel that could take time
 * @param waitingNanos spent there
 * @param workingNanos spent elsewhere
 * @param wakeupsAsked tasks and timers from other threads
 * @param wakeupsWritten of them, those that took a system call
 * @param wakeupsSaved of them, those that did not: the loop was awake, or about to be
 * @param wakeupsFailed system calls that did not wake it
 * @param wakeupsByCapWithWork waits that ended by their cap though there was work: each is a lost
 *     wake-up and thus a fault of the loop, or one of {@code wakeupsFailed}
 * @param budgetExhausted how often work was left for the next tick
 * @param sources that are watched
 * @param foreign how many tasks, and timers to be scheduled, wait that other threads submitted
 * @param own how many tasks wait that the loop's own thread submitted
 * @param scheduled how many timers are, and have been called off but not swept out yet
 * @param rates of what was done
 * @param queueWait how long tasks waited, in nanoseconds; of a sample
 * @param run how long tasks took, in nanoseconds; of a sample
 * @param timerLateness how long after their time timers ran, in nanoseconds
 * @param eventsPerWait how many sources were ready after a wait that could take time
 */
public record LoopSnapshot(
    long ageNanos,
    long ticks,
    long tasks,
    long timers,
    long events,
    long rejected,
    long discarded,
    long faults,
    long waits,
    long waitingNanos,
    long workingNanos,
    long wakeupsAsked,
    long wakeupsWritten,
    long wakeupsSaved,
    long wakeupsFailed,
    long wakeupsByCapWithWork,
    long budgetExhausted,
    int sources,
    Depth foreign,
    Depth own,
    Depth scheduled,
    Rates rates,
    Distribution queueWait,
    Distribution run,
    Distribution timerLateness,
    Distribution eventsPerWait) {

  /**
   * How many of something there are when a tick begins.
   *
   * @param now at this moment, where other threads can see that, or when the last tick began
   * @param most in the last ten seconds
   * @param average that moves on by a tenth of the difference at each tick
   */
  public record Depth(int now, int most, double average) {}

  /**
   * What is done in a second, over the last ten.
   *
   * @param busy how much of the time the loop worked: 0 to 1
   */
  public record Rates(double tasks, double timers, double events, double busy) {}

  /**
   * How values are spread, each to within a hundredth of it; all 0 if there is none.
   *
   * @param count how many there are
   */
  public record Distribution(
      long count, double mean, long p50, long p90, long p99, long p999, long max) {}

  /** How much of its life it worked: 0 to 1. */
  public double utilization() {
    return ageNanos == 0 ? 0 : (double) workingNanos / ageNanos;
  }
}
