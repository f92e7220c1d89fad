package dev.kantele.runtime.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolRegistryTest {
  private final Tool clock = Tools.echo("clock");
  private final Tool search = Tools.echo("search", "{\"required\": [\"query\"]}");
  private final ToolRegistry registry = ToolRegistry.of(List.of(search, clock));

  @Test
  void tools_are_found_by_name() {
    assertThat(registry.find("clock")).containsSame(clock);
    assertThat(registry.find("clok")).isEmpty();
    assertThat(registry.names()).containsExactly("clock", "search");
  }

  @Test
  void specs_come_in_the_order_that_is_asked_for() {
    assertThat(registry.specs(List.of("search", "clock")))
        .extracting(ToolSpec::name)
        .containsExactly("search", "clock");
  }

  @Test
  void the_spec_of_an_unknown_tool_is_misuse() {
    assertThatThrownBy(() -> registry.specs(List.of("clok")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tool: 'clok' (expected: one of clock, search)");
  }

  @Test
  void two_tools_of_one_name_are_refused() {
    assertThatThrownBy(() -> ToolRegistry.of(List.of(clock, Tools.echo("clock"))))
        .hasMessage("tool: 'clock' is there twice (expected: one of each name)");
  }

  @Test
  void a_schema_that_is_none_is_refused_with_the_tools_name() {
    Tool broken = Tools.echo("broken", "{\"type\": \"objekt\"}");

    assertThatThrownBy(() -> ToolRegistry.of(List.of(broken)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tool 'broken': schema.type: 'objekt' (expected: one of array,");
  }

  @Test
  void arguments_are_checked_against_the_schema_of_their_tool() {
    assertThat(registry.validate("search", Tools.json("{\"query\": \"x\"}")))
        .isEqualTo(new ArgumentValidator.Result.Valid());
    assertThat(registry.validate("search", Tools.json("{}")))
        .isEqualTo(
            new ArgumentValidator.Result.Invalid(
                List.of("arguments.query: missing (expected: a value)")));
  }
}
