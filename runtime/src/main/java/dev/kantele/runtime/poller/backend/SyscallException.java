package dev.kantele.runtime.poller.backend;

import java.io.IOException;

/** A system call that failed: {@code "epoll_ctl ADD of descriptor 7: EPERM"}. */
public final class SyscallException extends IOException {
  private static final long serialVersionUID = 1;

  private final int errno;

  /**
   * @param call what was called, on what
   * @param result what it returned: an {@link Errno}, negative
   */
  public SyscallException(String call, long result) {
    super(call + ": " + Errno.name((int) -result));
    this.errno = (int) -result;
  }

  /** Why, as an {@link Errno}. */
  public int errno() {
    return errno;
  }

  /** {@code result}, if it is not an error. */
  static int check(String call, int result) throws SyscallException {
    if (result < 0) {
      throw new SyscallException(call, result);
    }
    return result;
  }
}
