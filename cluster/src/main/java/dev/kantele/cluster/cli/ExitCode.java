package dev.kantele.cluster.cli;

/** What the process tells whoever started it (docs/operations.md, "Exit codes"). */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** What shells say of a command that Ctrl-C ended: 128 and the number of SIGINT. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
