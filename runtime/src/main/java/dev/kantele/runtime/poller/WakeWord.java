package dev.kantele.runtime.poller;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says whether a loop waits in the kernel, and until when, so that a thread with work for it makes
 * a system call only if it must.
 *
 * <p>Nobody misses anything because both sides first write, then read, all four accesses being
 * volatile: a producer adds its work, then reads this word; the loop writes this word, then looks
 * for work. Whatever the order of the four is, at least one of the two sees the other's.
 */
final class WakeWord extends WakeWordField {
  /** The loop runs; it will see what is added before it waits. */
  static final long AWAKE = -1;

  /** The loop waits until somebody wakes it. */
  static final long NONE = Long.MAX_VALUE;

  /* Keeps the fields of other objects off the line of memory that all producers read. */
  @SuppressWarnings("unused")
  private long b0, b1, b2, b3, b4, b5, b6, b7;

  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(WakeWordField.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The loop is about to wait; it must look for work after this. */
  void sleepUntil(long deadlineNanos) {
    WORD.setVolatile(this, deadlineNanos);
  }

  /**
   * The loop does not wait. Who does not see that yet makes a call too many, which does no harm.
   */
  void awake() {
    if (word != AWAKE) {
      WORD.setRelease(this, AWAKE);
    }
  }

  /**
   * Claims to wake the loop, if it waits and not only until {@code neededNanos} or earlier.
   *
   * @return what the word was: {@link #AWAKE} if there is nothing to do, and otherwise what {@link
   *     #giveBack} takes if waking fails
   */
  long claim(long neededNanos) {
    long seen = word;
    if (seen == AWAKE || seen <= neededNanos) {
      return AWAKE;
    }
    return (long) WORD.getAndSet(this, AWAKE);
  }

  /** Waking failed: the next producer is to try again. */
  void giveBack(long claimed) {
    WORD.compareAndSet(this, AWAKE, claimed);
  }
}

/** The word between two lines of memory that nobody uses. */
class WakeWordField extends WakeWordPadding {
  // AWAKE (-1)              the loop runs
  // NONE (Long.MAX_VALUE)   the loop waits, for ever
  // other value T           the loop waits until its own time T, at which a timer is due
  protected volatile long word = WakeWord.AWAKE;
}

class WakeWordPadding {
  @SuppressWarnings("unused")
  private long a0, a1, a2, a3, a4, a5, a6, a7;
}
