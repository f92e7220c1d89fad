package dev.kantele.runtime.session.simulation;

/** A model stream or tool call that a life of the session began. */
interface Child {
  /** The stream's or tool call's id. */
  String operation();

  void begin();

  /** The session asks it to stop; it answers with its outcome, if it hears. */
  void stop();

  /** The session ends it without waiting. */
  void abandon();

  /** The life that began it is over. */
  void orphan();
}
