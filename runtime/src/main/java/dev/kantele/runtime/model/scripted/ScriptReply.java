package dev.kantele.runtime.model.scripted;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What a scripted model says in one call, and when. */
public record ScriptReply(When when, List<ScriptStep> steps) {
  /** Why a list of steps is no reply, and which of them is to blame. */
  record Problem(int step, String sentence) {}

  public ScriptReply {
    requireNonNull(when, "when");
    steps = List.copyOf(steps);
    problem(steps)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(
                  "steps[" + problem.step() + "]: " + problem.sentence());
            });
  }

  /** A reply of these steps, for any call. */
  public static ScriptReply of(ScriptStep... steps) {
    return new ScriptReply(When.ALWAYS, List.of(steps));
  }

  /** The same reply for the {@code number}th model call of a turn only. */
  public ScriptReply onCall(int number) {
    return new ScriptReply(
        new When(OptionalInt.of(number), when.attempt(), when.text(), when.afterTool()), steps);
  }

  /** The same reply for the {@code number}th attempt at a call only. */
  public ScriptReply onAttempt(int number) {
    return new ScriptReply(
        new When(when.call(), OptionalInt.of(number), when.text(), when.afterTool()), steps);
  }

  /** The same reply only where {@code regex} is found in the last user message. */
  public ScriptReply onText(String regex) {
    return new ScriptReply(
        new When(
            when.call(), when.attempt(), Optional.of(Pattern.compile(regex)), when.afterTool()),
        steps);
  }

  /** The same reply only where the transcript ends with a result of {@code tool}. */
  public ScriptReply afterTool(String tool) {
    return new ScriptReply(
        new When(when.call(), when.attempt(), when.text(), Optional.of(tool)), steps);
  }

  static Optional<Problem> problem(List<ScriptStep> steps) {
    int reports = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (i > 0 && steps.get(i - 1) instanceof ScriptStep.Ending) {
        return Optional.of(
            new Problem(i, "nothing can follow finish, fail, drop or never (expected: no step)"));
      }
      if (steps.get(i) instanceof ScriptStep.Report && ++reports > 1) {
        return Optional.of(new Problem(i, "usage is there twice (expected: once in a reply)"));
      }
    }
    return Optional.empty();
  }
}
