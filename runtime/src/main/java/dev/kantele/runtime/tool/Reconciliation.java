package dev.kantele.runtime.tool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/** What a tool knows of an effect whose outcome was lost. */
public sealed interface Reconciliation {
  /** The effect took place, with this output. */
  record Done(JsonNode output) implements Reconciliation {
    public Done {
      requireNonNull(output, "output");
    }
  }

  /** The effect did not take place; the call may run again. */
  record NotDone() implements Reconciliation {}

  /** Nobody knows. */
  record Unknown(String reason) implements Reconciliation {
    public Unknown {
      requireNonNull(reason, "reason");
    }
  }
}
