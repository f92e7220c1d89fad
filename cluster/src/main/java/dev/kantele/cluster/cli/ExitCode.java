package dev.kantele.cluster.cli;

/** What the process tells whoever started it (docs/operations.md, "Exit codes"). */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private ExitCode() {}
}
