package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

/** A hook's answer after a call of a model. */
public sealed interface AfterModel {
  /** The reply stands. */
  record Proceed() implements AfterModel {}

  /**
   * The reply does not count: its stream fails with the code {@code vetoed}. {@code reason}, one
   * plain sentence, is shown to clients.
   *
   * @param callAgain whether the model is called again, as after a failure of its own and as often;
   *     otherwise, and after the agent's last attempt, the turn fails
   */
  record Veto(String reason, boolean callAgain) implements AfterModel {
    public Veto {
      requireNonNull(reason, "reason");
    }
  }
}
