package dev.kantele.cluster.chat;

import java.util.Optional;

/**
 * What the keyboard is for right now.
 *
 * @param about what waits for somebody; for {@link Kind#PROMPT} and {@link Kind#RUNNING} nothing
 * @param lead what is said before, a line or several; may be empty
 * @param initial what stands on the line already
 */
record Ask(Kind kind, Optional<Pending> about, String lead, String prompt, String initial) {
  /** How keys are taken. */
  enum Kind {
    /** A line of the conversation. */
    PROMPT,
    /** The same without an echo: the screen belongs to the answer. */
    RUNNING,
    /** Whether a tool may run. */
    APPROVAL,
    /** The arguments with which it may. */
    ARGUMENTS,
    /** The answer to an agent's question. */
    QUESTION
  }

  static final Ask PROMPT = new Ask(Kind.PROMPT, Optional.empty(), "", "> ", "");
  static final Ask RUNNING = new Ask(Kind.RUNNING, Optional.empty(), "", "", "");
}
