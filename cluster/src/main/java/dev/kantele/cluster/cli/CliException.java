package dev.kantele.cluster.cli;

/** What the user asked for can't be done; the message is one plain sentence and what to do. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CliException(String sentence) {
    super(sentence);
  }
}
