package dev.kantele.runtime.hook;

import dev.kantele.protocol.Failure;

/** Ends a run of hooks; the failure is what its turn fails with. */
final class HookFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  HookFailedException(Failure failure) {
    super(failure.message(), null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
