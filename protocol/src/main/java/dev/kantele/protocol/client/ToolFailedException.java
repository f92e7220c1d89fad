package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Failure;

/** A tool could not do what it was asked; the model is told why. */
public final class ToolFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  /** Fails with {@code failure}. */
  public ToolFailedException(Failure failure) {
    super(failure.message());
    this.failure = requireNonNull(failure, "failure");
  }

  /** Fails with code {@code tool_failed} and {@code message}, one plain sentence. */
  public ToolFailedException(String message) {
    this(new Failure(ToolCalls.TOOL_FAILED, message, /* retryable= */ false));
  }

  /** What the model is told. */
  public Failure failure() {
    return failure;
  }
}
