package dev.kantele.runtime.agent;

import com.fasterxml.jackson.core.JsonPointer;
import dev.kantele.runtime.agent.ApprovalPolicy.Otherwise;
import dev.kantele.runtime.agent.ApprovalRule.ArgumentMatch;
import dev.kantele.runtime.agent.ApprovalRule.Decision;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.tool.ArgumentPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** Reads and checks the block {@code approvals} of an agent. */
final class ApprovalsReader {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  static void requireKnown(SettingsReader approvals) {
    approvals.requireKnown("rules", "otherwise", "expires-after");
  }

  static ApprovalPolicy read(SettingsReader approvals) {
    return new ApprovalPolicy(
        approvals.blocks("rules").stream().map(ApprovalsReader::rule).toList(),
        otherwise(approvals),
        approvals.duration("expires-after", SHORTEST));
  }

  private static Otherwise otherwise(SettingsReader approvals) {
    return switch (approvals.string("otherwise")) {
      case "allow" -> Otherwise.ALLOW;
      case "ask" -> Otherwise.ASK;
      case "deny" -> Otherwise.DENY;
      case "ask_unless_read_only" -> Otherwise.ASK_UNLESS_READ_ONLY;
      default -> throw approvals.invalid("otherwise", "allow, ask, deny or ask_unless_read_only");
    };
  }

  private static ApprovalRule rule(SettingsReader rule) {
    rule.requireKnown("tool", "arguments", "decision", "reason");
    return new ApprovalRule(
        ArgumentPattern.ofGlob(rule.string("tool")),
        arguments(rule.block("arguments"), JsonPointer.empty()),
        decision(rule),
        rule.optionalString("reason"));
  }

  private static Decision decision(SettingsReader rule) {
    return switch (rule.string("decision")) {
      case "allow" -> Decision.ALLOW;
      case "ask" -> Decision.ASK;
      case "deny" -> Decision.DENY;
      default -> throw rule.invalid("decision", "allow, ask or deny");
    };
  }

  /* A block within the block names the fields of an argument that is an object. */
  private static List<ArgumentMatch> arguments(SettingsReader block, JsonPointer parent) {
    var matches = new ArrayList<ArgumentMatch>();
    for (String name : block.keys()) {
      JsonPointer argument = parent.appendProperty(name);
      if (block.isBlock(name)) {
        matches.addAll(arguments(block.block(name), argument));
      } else {
        matches.add(new ArgumentMatch(argument, pattern(block, name)));
      }
    }
    return matches;
  }

  private static ArgumentPattern pattern(SettingsReader block, String name) {
    try {
      return ArgumentPattern.of(block.string(name));
    } catch (PatternSyntaxException e) {
      throw block.invalid(name, "a regular expression: " + e.getDescription());
    }
  }

  private ApprovalsReader() {}
}
