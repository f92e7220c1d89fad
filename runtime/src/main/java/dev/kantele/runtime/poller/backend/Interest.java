package dev.kantele.runtime.poller.backend;

/** What an owner wants to know of a source: a set of bits. */
public final class Interest {
  /** Nothing for now; the source stays registered. */
  public static final int NONE = 0;

  /** Whether there is something to read or to accept, or the end of it. */
  public static final int READ = 1;

  /** Whether there is room to write, or a connection is made. */
  public static final int WRITE = 2;

  /** Both. */
  public static final int READ_WRITE = READ | WRITE;

  /** {@code interest}, if there is nothing but {@link #READ} and {@link #WRITE} in it. */
  public static int checked(int interest) {
    if ((interest & ~READ_WRITE) != 0) {
      throw new IllegalArgumentException("interest: " + interest + " (expected: 0..3)");
    }
    return interest;
  }

  private Interest() {}
}
