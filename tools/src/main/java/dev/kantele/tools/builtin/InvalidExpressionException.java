package dev.kantele.tools.builtin;

/** Says why an expression has no value, up to {@link Expression#evaluate}. */
final class InvalidExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;

  InvalidExpressionException(String message) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
