package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.model.ModelRequest;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * When a reply is used: all conditions that are there must hold.
 *
 * @param call the number of the model call in its turn: the assistant's messages since the last
 *     user message, and one
 * @param attempt the number of the attempt at that call
 * @param text found in the text of the last user message
 * @param afterTool among the results that the transcript ends with is one of this tool
 */
public record When(
    OptionalInt call, OptionalInt attempt, Optional<Pattern> text, Optional<String> afterTool) {
  /** No condition: always. */
  public static final When ALWAYS =
      new When(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

  public When {
    call.ifPresent(number -> requireNumber("call", number));
    attempt.ifPresent(number -> requireNumber("attempt", number));
  }

  boolean isConditional() {
    return call.isPresent() || attempt.isPresent() || text.isPresent() || afterTool.isPresent();
  }

  boolean holds(ModelRequest request) {
    var turn = TurnView.of(request.transcript());
    return call.orElse(turn.callNumber()) == turn.callNumber()
        && attempt.orElse(request.attempt()) == request.attempt()
        && text.map(regex -> regex.matcher(turn.userText()).find()).orElse(true)
        && afterTool.map(turn::endsWithResultOf).orElse(true);
  }

  private static void requireNumber(String condition, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(condition + ": " + number + " (expected: at least 1)");
    }
  }
}
