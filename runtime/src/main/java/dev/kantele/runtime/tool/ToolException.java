package dev.kantele.runtime.tool;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Failure;

/** A tool's expected failure: its sentence is shown to the model and in the log. */
public final class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** A failure that the model should be told of. */
  public ToolException(Failure failure) {
    super(requireNonNull(failure, "failure").message());
    this.failure = failure;
  }

  /** The failure. */
  public Failure failure() {
    return failure;
  }
}
