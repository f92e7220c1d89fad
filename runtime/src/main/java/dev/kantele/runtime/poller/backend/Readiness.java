package dev.kantele.runtime.poller.backend;

/**
 * What has become of a source: a set of bits. {@link #READ} and {@link #WRITE} are told only to
 * those who asked, the others to all. Each is a hint that the next call will not block; that call
 * has the last word.
 */
public final class Readiness {
  /** There is something to read or to accept, or the end of it. */
  public static final int READ = Interest.READ;

  /** There is room to write, or a connection is made. */
  public static final int WRITE = Interest.WRITE;

  /**
   * The peer has ended its side, or both sides are ended. What came before may still be unread:
   * read to the end.
   */
  public static final int HANGUP = 4;

  /** The source has failed; the next call on it says how. */
  public static final int ERROR = 8;

  static final int WHETHER_ASKED_OR_NOT = HANGUP | ERROR;

  private Readiness() {}
}
