package dev.kantele.tools.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.Agents;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.tool.ToolRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What a node has that only has the jars on its class path. */
class BuiltinToolsTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @Test
  void they_are_found_on_the_class_path() {
    assertThat(ToolRegistry.load(ConfigFactory.load().getConfig("kantele"), CLOCK).names())
        .containsExactly("ask_user", "calculator", "clock");
  }

  @Test
  void the_default_agent_works_without_a_setting() {
    AgentSettings agent = agents("").defaultAgent();

    assertThat(agent.name()).isEqualTo("assistant");
    assertThat(agent.model()).isEqualTo("scripted/demo");
    assertThat(agent.tools()).containsExactly("calculator", "clock");
    assertThat(agent.instructions()).isPresent();
  }

  @Test
  void one_key_changes_the_model_of_every_agent() {
    Agents agents =
        agents(
            """
            kantele.model = scripted/other
            kantele.models.scripted.folder = "src/test/resources/scripts"
            kantele.agents.second {}""");

    assertThat(agents.list()).extracting(AgentSettings::model).containsOnly("scripted/other");
  }

  private static Agents agents(String settings) {
    Config config = ConfigFactory.load(ConfigFactory.parseString(settings)).getConfig("kantele");
    return Agents.from(
        config, ModelProviders.load(config, CLOCK), ToolRegistry.load(config, CLOCK));
  }
}
