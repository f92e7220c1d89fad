package dev.kantele.cluster.client;

/** A connection can't be used any more; the message says why, to go after "because". */
final class ConnectionException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean mayReturn;

  private ConnectionException(String because, boolean mayReturn) {
    super(because);
    this.mayReturn = mayReturn;
  }

  static ConnectionException closed(CloseCode code) {
    return new ConnectionException(code.because(), code.mayReturn());
  }

  /** Worth another try. */
  static ConnectionException passing(String because) {
    return new ConnectionException(because, /* mayReturn= */ true);
  }

  /** Another try would end the same way. */
  static ConnectionException lasting(String because) {
    return new ConnectionException(because, /* mayReturn= */ false);
  }

  boolean mayReturn() {
    return mayReturn;
  }
}
