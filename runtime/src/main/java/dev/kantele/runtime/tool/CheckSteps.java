package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import java.util.List;

/**
 * The steps that one check of a value against a schema has left: one for each keyword that is
 * evaluated and one for each character that a pattern reads. A schema whose references fan out, or
 * a pattern that backtracks, would else take longer than anyone waits. Confined to the thread of
 * the check.
 */
final class CheckSteps {
  /** Thrown where a check takes more than {@value #MAX} steps. */
  static final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyStepsException() {
      super(
          "more than " + MAX + " steps",
          null,
          /* enableSuppression= */ false,
          /* writableStackTrace= */ false);
    }
  }

  static final int MAX = 1_000_000;

  private static final ScopedValue<CheckSteps> CURRENT = ScopedValue.newInstance();

  private int left = MAX;

  /** Checks {@code value} within the bound. */
  static List<Error> validate(Schema schema, JsonNode value) {
    var steps = new CheckSteps();
    return ScopedValue.where(CURRENT, steps)
        .call(() -> schema.validate(steps.context(schema), value, OutputFormat.DEFAULT));
  }

  /** The steps of the check that this thread is at; those of a new one if it is at none. */
  static CheckSteps current() {
    return CURRENT.isBound() ? CURRENT.get() : new CheckSteps();
  }

  void take() {
    if (--left < 0) {
      throw new TooManyStepsException();
    }
  }

  private ExecutionContext context(Schema schema) {
    return new ExecutionContext(schema.createExecutionContext().getExecutionConfig()) {
      @Override
      public void evaluationPathAddLast(String keyword) {
        take();
        super.evaluationPathAddLast(keyword);
      }
    };
  }
}
