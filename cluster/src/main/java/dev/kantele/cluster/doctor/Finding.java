package dev.kantele.cluster.doctor;

import static java.util.Objects.requireNonNull;

/**
 * What one check found; it holds no secret.
 *
 * @param check what was looked at, as in {@code port}
 * @param message how it is, and unless it is all right what to mend; one line
 */
public record Finding(String check, Level level, String message) {
  /** How bad it is. */
  public enum Level {
    /** All right. */
    OK,
    /** A node works, but not as well as it could, or not for long. */
    WARN,
    /** A node does not start, or can't do its work. */
    FAIL
  }

  public Finding {
    requireNonNull(check, "check");
    requireNonNull(level, "level");
    message = message.lines().findFirst().orElse("");
  }

  static Finding ok(String check, String message) {
    return new Finding(check, Level.OK, message);
  }

  static Finding warn(String check, String message) {
    return new Finding(check, Level.WARN, message);
  }

  static Finding fail(String check, String message) {
    return new Finding(check, Level.FAIL, message);
  }
}
