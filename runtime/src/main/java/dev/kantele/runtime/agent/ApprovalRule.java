package dev.kantele.runtime.agent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.tool.ArgumentPattern;
import java.util.List;
import java.util.Optional;

/**
 * One rule of an {@link ApprovalPolicy}. It fits a call if the tool's name and each argument that
 * it names match. A match that can't be decided within bounds counts against the call: it fits
 * where the rule asks or denies, and does not where it allows.
 *
 * @param tool a pattern for the tool's name
 * @param reason what the model is told of a call that this rule denies
 */
public record ApprovalRule(
    ArgumentPattern tool,
    List<ArgumentMatch> arguments,
    Decision decision,
    Optional<String> reason) {
  /** What becomes of the calls that a rule fits. */
  public enum Decision {
    ALLOW,
    ASK,
    DENY
  }

  /**
   * A pattern for the value of one argument: its text if it is a string, else its JSON. One that is
   * not there matches nothing.
   */
  public record ArgumentMatch(JsonPointer argument, ArgumentPattern pattern) {
    public ArgumentMatch {
      requireNonNull(argument, "argument");
      requireNonNull(pattern, "pattern");
    }

    private ArgumentPattern.Match match(JsonNode arguments) {
      JsonNode value = arguments.at(argument);
      if (value.isMissingNode()) {
        return ArgumentPattern.Match.NO;
      }
      return pattern.match(value.isTextual() ? value.textValue() : value.toString());
    }
  }

  public ApprovalRule {
    requireNonNull(tool, "tool");
    arguments = List.copyOf(arguments);
    requireNonNull(decision, "decision");
    requireNonNull(reason, "reason");
  }

  boolean fits(String name, JsonNode values) {
    return holds(tool.match(name))
        && arguments.stream().allMatch(argument -> holds(argument.match(values)));
  }

  private boolean holds(ArgumentPattern.Match match) {
    return switch (match) {
      case YES -> true;
      case NO -> false;
      case UNDECIDED -> decision != Decision.ALLOW;
    };
  }
}
