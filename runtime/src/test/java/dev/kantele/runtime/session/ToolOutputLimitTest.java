package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.CoreRig.event;
import static dev.kantele.runtime.session.CoreRig.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.agent.ApprovalPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tool's output at its end, which is bounded alike wherever the tool runs. */
class ToolOutputLimitTest {
  private static final int MAX = (int) LiveEvents.MAX_OUTPUT_CHARACTERS;

  /** Where the tool runs. */
  enum Place {
    NODE,
    CLIENT
  }

  private final CoreRig rig = new CoreRig();

  @BeforeEach
  void begin() {
    rig.policy = ApprovalPolicy.allowingAll();
    rig.begin();
  }

  private Step ends(Place place, JsonNode output) {
    if (place == Place.NODE) {
      rig.calls("look {}");
      return rig.give(new Input.ToolEnded(rig.call(0), 1, new Input.ToolOutcome.Completed(output)));
    }
    var fetch =
        new ToolDescription(
            "fetch", "Fetches it", json("{}"), ToolEffect.READ_ONLY, OptionalLong.empty());
    rig.command(
        "bea",
        id -> new Command.ToolRegister(id, CoreRig.ID, OptionalLong.empty(), List.of(fetch)));
    rig.calls("fetch {}");
    return rig.command(
        "bea",
        id ->
            new Command.ToolResult(
                id, CoreRig.ID, rig.call(0), Optional.of(output), Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void is_whole_up_to_the_limit(Place place) {
    JsonNode most = TextNode.valueOf("x".repeat(MAX));

    assertThat(event(ends(place, most), ToolCompleted.class).output()).isEqualTo(most);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void is_cut_if_it_is_a_longer_text(Place place) {
    Step step = ends(place, TextNode.valueOf("x".repeat(MAX - 1) + "\uD83D\uDE00 and more"));

    assertThat(event(step, ToolCompleted.class).output().textValue())
        .isEqualTo("x".repeat(MAX - 1) + " […]");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void fails_the_call_if_it_is_other_json(Place place) {
    Step step = ends(place, JsonNodeFactory.instance.arrayNode().add("x".repeat(MAX)));

    var failure = event(step, ToolFailed.class).error();
    assertThat(failure.code()).isEqualTo("limit_exceeded");
    assertThat(failure.message())
        .isEqualTo(
            "the tool ended, but its output has %d characters (expected: at most %d)"
                .formatted(MAX + 4, MAX));
  }
}
