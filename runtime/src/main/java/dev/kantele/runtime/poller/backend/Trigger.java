package dev.kantele.runtime.poller.backend;

/** When readiness is told again. */
public enum Trigger {
  /** At each wait, for as long as it lasts. */
  LEVEL,

  /**
   * When it changes: the owner reads or writes until that would block, or is told no more. May be
   * told once too often. Changing the interest tells anew what is ready at that time.
   */
  EDGE,

  /** Once; then the interest is {@link Interest#NONE} until the owner changes it. */
  ONE_SHOT
}
