package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.WireError;

/** A command that a host gave was refused. */
public final class KanteleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient WireError error;

  /** The refusal. */
  public KanteleException(WireError error) {
    super(requireNonNull(error, "error").code().wireName() + ": " + error.message());
    this.error = error;
  }

  /** What a client over the wire would be told. */
  public WireError error() {
    return error;
  }
}
