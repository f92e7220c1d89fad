package dev.kantele.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.agent.ApprovalPolicy.Otherwise;
import dev.kantele.runtime.agent.ApprovalPolicy.Verdict;
import dev.kantele.runtime.agent.ApprovalRule.ArgumentMatch;
import dev.kantele.runtime.agent.ApprovalRule.Decision;
import dev.kantele.runtime.tool.ArgumentPattern;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApprovalPolicyTest {
  private static final Verdict ALLOW = new Verdict.Allow();
  private static final Verdict ASK = new Verdict.Ask();

  private static ApprovalPolicy policy(Otherwise otherwise, ApprovalRule... rules) {
    return new ApprovalPolicy(Arrays.asList(rules), otherwise, Duration.ofHours(1));
  }

  private static ApprovalRule rule(String tool, Decision decision, ArgumentMatch... arguments) {
    return new ApprovalRule(
        ArgumentPattern.ofGlob(tool), List.of(arguments), decision, Optional.empty());
  }

  private static ArgumentMatch where(String pointer, String regex) {
    return new ArgumentMatch(JsonPointer.compile(pointer), ArgumentPattern.of(regex));
  }

  private static ObjectNode arguments() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Verdict decide(ApprovalPolicy policy, JsonNode arguments) {
    return policy.decide("send", ToolEffect.UNSAFE, arguments);
  }

  @Test
  void the_first_rule_that_fits_decides() {
    ApprovalPolicy policy =
        policy(
            Otherwise.DENY,
            rule("other", Decision.DENY),
            rule("s*", Decision.ASK),
            rule("send", Decision.ALLOW));

    assertThat(decide(policy, arguments())).isEqualTo(ASK);
  }

  @ParameterizedTest
  @CsvSource({
    "ALLOW, READ_ONLY, Allow",
    "ALLOW, UNSAFE, Allow",
    "ASK, READ_ONLY, Ask",
    "DENY, READ_ONLY, Deny",
    "ASK_UNLESS_READ_ONLY, READ_ONLY, Allow",
    "ASK_UNLESS_READ_ONLY, IDEMPOTENT, Ask",
    "ASK_UNLESS_READ_ONLY, RECONCILE, Ask",
    "ASK_UNLESS_READ_ONLY, UNSAFE, Ask"
  })
  void where_no_rule_fits_it_is_as_otherwise_says(
      Otherwise otherwise, ToolEffect effect, String verdict) {
    assertThat(policy(otherwise).decide("any", effect, arguments()).getClass().getSimpleName())
        .isEqualTo(verdict);
  }

  @Test
  void every_argument_that_a_rule_names_must_match() {
    ApprovalPolicy policy =
        policy(
            Otherwise.ASK,
            rule("send", Decision.ALLOW, where("/to", ".*@home"), where("/count", "[0-9]")));

    assertThat(decide(policy, arguments().put("to", "bob@home").put("count", 3))).isEqualTo(ALLOW);
    assertThat(decide(policy, arguments().put("to", "bob@home").put("count", 30))).isEqualTo(ASK);
    assertThat(decide(policy, arguments().put("to", "bob@home"))).isEqualTo(ASK);
  }

  @Test
  void an_argument_within_an_argument_is_matched_and_so_is_a_whole_object() {
    ObjectNode arguments = arguments();
    arguments.putObject("options").put("force", true);

    assertThat(
            decide(
                policy(Otherwise.ASK, rule("*", Decision.ALLOW, where("/options/force", "true"))),
                arguments))
        .isEqualTo(ALLOW);
    assertThat(
            decide(
                policy(
                    Otherwise.ASK,
                    rule("*", Decision.ALLOW, where("/options", "\\{\"force\":true\\}"))),
                arguments))
        .isEqualTo(ALLOW);
  }

  @Test
  void what_can_not_be_decided_in_time_counts_against_the_call() {
    ArgumentMatch slow = where("/text", "(.*a){12}");
    ObjectNode arguments = arguments().put("text", "a".repeat(64) + "b");

    assertThat(decide(policy(Otherwise.ASK, rule("*", Decision.ALLOW, slow)), arguments))
        .isEqualTo(ASK);
    assertThat(decide(policy(Otherwise.ALLOW, rule("*", Decision.ASK, slow)), arguments))
        .isEqualTo(ASK);
    assertThat(decide(policy(Otherwise.ALLOW, rule("*", Decision.DENY, slow)), arguments))
        .isInstanceOf(Verdict.Deny.class);
  }
}
