package dev.kantele.runtime.agent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ToolEffect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which of an agent's tool calls run at once, which wait for somebody's decision, and which never
 * run. The first rule that fits decides; where none does, {@code otherwise}.
 *
 * @param expiresAfter how long a call waits before it is denied
 */
public record ApprovalPolicy(List<ApprovalRule> rules, Otherwise otherwise, Duration expiresAfter) {
  /** What an agent has that sets nothing else: it asks before it acts. */
  public static final ApprovalPolicy DEFAULT =
      new ApprovalPolicy(List.of(), Otherwise.ASK_UNLESS_READ_ONLY, Duration.ofHours(1));

  /** What becomes of calls that no rule fits. */
  public enum Otherwise {
    ALLOW,
    ASK,
    DENY,
    /** Those of read-only tools run at once, all others wait. */
    ASK_UNLESS_READ_ONLY
  }

  /** What becomes of a call. */
  public sealed interface Verdict {
    /** It runs. */
    record Allow() implements Verdict {}

    /** It waits for somebody's decision. */
    record Ask() implements Verdict {}

    /** It does not run; {@code reason} is one plain sentence. */
    record Deny(String reason) implements Verdict {}
  }

  public ApprovalPolicy {
    rules = List.copyOf(rules);
    requireNonNull(otherwise, "otherwise");
    if (!expiresAfter.isPositive()) {
      throw new IllegalArgumentException(
          "expires-after: " + expiresAfter + " (expected: more than 0)");
    }
  }

  /** A policy under which every call runs at once. */
  public static ApprovalPolicy allowingAll() {
    return new ApprovalPolicy(List.of(), Otherwise.ALLOW, DEFAULT.expiresAfter());
  }

  /** Decides on a call whose arguments have passed the tool's schema. */
  public Verdict decide(String tool, ToolEffect effect, JsonNode arguments) {
    Optional<ApprovalRule> first =
        rules.stream().filter(rule -> rule.fits(tool, arguments)).findFirst();
    if (first.isPresent()) {
      ApprovalRule rule = first.get();
      return switch (rule.decision()) {
        case ALLOW -> new Verdict.Allow();
        case ASK -> new Verdict.Ask();
        case DENY ->
            new Verdict.Deny(rule.reason().orElse("the agent's approval policy forbids it"));
      };
    }
    return switch (otherwise) {
      case ALLOW -> new Verdict.Allow();
      case ASK -> new Verdict.Ask();
      case DENY -> new Verdict.Deny("the agent's approval policy does not allow it");
      case ASK_UNLESS_READ_ONLY ->
          effect == ToolEffect.READ_ONLY ? new Verdict.Allow() : new Verdict.Ask();
    };
  }
}
