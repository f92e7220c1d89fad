package dev.kantele.runtime.settings;

/**
 * A setting that a node can't start with. The message is one plain sentence that names the key or
 * the file and line, the value, and what is expected; it is meant to be shown without a stack
 * trace.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error that says {@code sentence}. */
  public SettingsException(String sentence) {
    super(sentence);
  }

  /** An error that says {@code sentence}, with what caused it for those who look deeper. */
  public SettingsException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
