package dev.kantele.runtime.agent;

/** When what a running stream says becomes durable. */
public enum Durability {
  /** At the end of each stream and call. The default. */
  TURN
}
