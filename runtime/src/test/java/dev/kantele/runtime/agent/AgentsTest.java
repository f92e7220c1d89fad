package dev.kantele.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.Script;
import dev.kantele.runtime.model.scripted.ScriptedProvider;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.tool.ArgumentPattern;
import dev.kantele.runtime.tool.ToolRegistry;
import dev.kantele.runtime.tool.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentsTest {
  @TempDir private Path folder;

  private final ModelProviders models =
      ModelProviders.of(
          List.of(
              ScriptedProvider.of(
                  Map.of("demo", Script.saying("Hello."), "other", Script.saying("Hm.")))));
  private final ToolRegistry tools =
      ToolRegistry.of(List.of(Tools.echo("calculator"), Tools.echo("clock")));

  @Test
  void what_an_agent_does_not_set_it_takes_from_the_defaults() {
    Agents agents = agents("agents.assistant { instructions = \"Be brief.\" }");

    assertThat(agents.find("assistant"))
        .contains(
            new AgentSettings(
                "assistant",
                "scripted/demo",
                Optional.of("Be brief."),
                List.of(),
                AgentLimits.DEFAULT,
                ApprovalPolicy.DEFAULT,
                Durability.TURN));
  }

  @Test
  void what_an_agent_sets_is_its_own() {
    Agents agents =
        agents(
            """
            agents.assistant {}
            agents.quick {
              model = scripted/other, tools = [clock]
              limits { attempts = 1, wall-time = 10s }
            }""");

    assertThat(agents.names()).containsExactly("assistant", "quick");
    assertThat(agents.find("quick"))
        .hasValueSatisfying(
            quick -> {
              assertThat(quick.model()).isEqualTo("scripted/other");
              assertThat(quick.tools()).containsExactly("clock");
              assertThat(quick.limits().attempts()).isEqualTo(1);
              assertThat(quick.limits().wallTime()).isEqualTo(Duration.ofSeconds(10));
              assertThat(quick.limits().modelCalls()).isEqualTo(AgentLimits.DEFAULT.modelCalls());
            });
  }

  @Test
  void approvals_name_tools_and_arguments() {
    Agents agents =
        agents(
            """
            agents.assistant.approvals {
              rules = [
                { tool = "file_*", arguments { path = "src/.*", options.force = "true" }, decision = allow }
                { tool = "*", decision = deny, reason = "only files" }
              ]
              otherwise = deny
              expires-after = 5m
            }""");

    assertThat(agents.defaultAgent().approvals())
        .isEqualTo(
            new ApprovalPolicy(
                List.of(
                    new ApprovalRule(
                        ArgumentPattern.ofGlob("file_*"),
                        List.of(match("/options/force", "true"), match("/path", "src/.*")),
                        ApprovalRule.Decision.ALLOW,
                        Optional.empty()),
                    new ApprovalRule(
                        ArgumentPattern.ofGlob("*"),
                        List.of(),
                        ApprovalRule.Decision.DENY,
                        Optional.of("only files"))),
                ApprovalPolicy.Otherwise.DENY,
                Duration.ofMinutes(5)));
  }

  private static ApprovalRule.ArgumentMatch match(String pointer, String regex) {
    return new ApprovalRule.ArgumentMatch(JsonPointer.compile(pointer), ArgumentPattern.of(regex));
  }

  @Test
  void the_default_agent_is_the_one_that_is_named() {
    assertThat(agents("default-agent = b, agents { a {}, b {} }").defaultAgent().name())
        .isEqualTo("b");
  }

  @Test
  void an_agent_that_is_set_to_null_is_not_there() {
    assertThat(agents("default-agent = b, agents { a = null, b {} }").names()).containsExactly("b");
  }

  @Test
  void the_name_of_an_agent_may_hold_dots() {
    assertThat(agents("default-agent = \"v1.0\", agents { \"v1.0\" {} }").names())
        .containsExactly("v1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          agents.assistant.tools = [clock, clok]             | kantele.agents.assistant.tools[1]: 'clok' (expected: one of: calculator, clock; node.conf:1)
          agents.assistant.tools = [clock, clock]            | kantele.agents.assistant.tools[1]: 'clock' (expected: each tool once; node.conf:1)
          agents.assistant.tools = clock                     | kantele.agents.assistant.tools: 'clock' (expected: a list of texts; node.conf:1)
          agents.assistant.model = "scripted/demon"          | kantele.agents.assistant.model: 'scripted/demon' (expected: one of scripted/demo, scripted/other; node.conf:1)
          agents.assistant.modell = "scripted/demo"          | kantele.agents.assistant.modell: unknown key (expected: one of model, instructions, tools, limits, approvals, durability; node.conf:1)
          agents.assistant.instructions = " "                | kantele.agents.assistant.instructions: ' ' (expected: a text that is not blank; node.conf:1)
          agents.assistant.durability = checkpoint           | kantele.agents.assistant.durability: 'checkpoint' (expected: turn, which is all that there is so far; node.conf:1)
          agents.assistant = scripted                        | kantele.agents.assistant: 'scripted' (expected: a block { … }; node.conf:1)
          agents.assistant.limits.attempts = 0               | kantele.agents.assistant.limits.attempts: 0 (expected: 1..100; node.conf:1)
          agents.assistant.limits.attempts = many            | kantele.agents.assistant.limits.attempts: 'many' (expected: 1..100; node.conf:1)
          agents.assistant.limits.atempts = 1                | kantele.agents.assistant.limits.atempts: unknown key (expected: one of model-calls, tool-calls, wall-time, tokens, attempts, retry-delay, max-retry-after, retries, retry-time, output-repairs, stream-idle, cancel-deadline, queued-turns; node.conf:1)
          agents.assistant.limits.retry-delay = 0ms          | kantele.agents.assistant.limits.retry-delay: '0ms' (expected: a duration of at least 1 ms, such as 500ms or 2s; node.conf:1)
          agents.assistant.limits.stream-idle = soon         | kantele.agents.assistant.limits.stream-idle: 'soon' (expected: a duration of at least 1 ms, such as 500ms or 2s; node.conf:1)
          agents.assistant.limits.cancel-deadline = 1h       | kantele.agents.assistant.limits.cancel-deadline: '1h' (expected: at most wall-time, which is PT15M; node.conf:1)
          agent-defaults.limits.attempts = 100, agents.a {}  | kantele.agents.a.limits.attempts: 100 (expected: so few that the last pause, retry-delay doubled each time, is within wall-time, which is PT15M; node.conf:1)
          agent-defaults.limit.attempts = 1, agents.a {}     | kantele.agent-defaults.limit: unknown key (expected: one of model, instructions, tools, limits, approvals, durability; node.conf:1)
          agents.a.approvals.otherwise = maybe               | kantele.agents.a.approvals.otherwise: 'maybe' (expected: allow, ask, deny or ask_unless_read_only; node.conf:1)
          agents.a.approvals.rules = [{tool = x, decision = perhaps}] | kantele.agents.a.approvals.rules[0].decision: 'perhaps' (expected: allow, ask or deny; node.conf:1)
          agents.a.approvals.rules = [{decision = ask}]      | kantele.agents.a.approvals.rules[0].tool: missing (expected: a text)
          agents.a.approvals.rules = [{tool = x, decision = ask, arguments.path = "("}] | kantele.agents.a.approvals.rules[0].arguments.path: '(' (expected: a regular expression: Unclosed group; node.conf:1)
          agents.a.approvals.rules = [{tool = x, argument.path = y, decision = ask}] | kantele.agents.a.approvals.rules[0].argument: unknown key (expected: one of tool, arguments, decision, reason; node.conf:1)
          agents.a.approvals.rules = [ask]                   | kantele.agents.a.approvals.rules[0]: 'ask' (expected: a block { … }; node.conf:1)
          agents.a.approvals.rules = ask                     | kantele.agents.a.approvals.rules: 'ask' (expected: a list of blocks [{ … }]; node.conf:1)
          agents.a.approvals.expires-after = 0s              | kantele.agents.a.approvals.expires-after: '0s' (expected: a duration of at least 1 ms, such as 500ms or 2s; node.conf:1)
          agent-defaults.approvals.rule = [], agents.a {}    | kantele.agent-defaults.approvals.rule: unknown key (expected: one of rules, otherwise, expires-after; node.conf:1)
          default-agent = assistent, agents.assistant {}     | kantele.default-agent: 'assistent' (expected: one of assistant; node.conf:1)
          agents {}                                          | kantele.agents: empty (expected: at least one agent)
          """)
  void what_can_not_work_is_refused_in_one_sentence(String setting, String sentence) {
    assertThatThrownBy(() -> agents(setting))
        .isInstanceOf(SettingsException.class)
        .hasMessage(sentence.replace("node.conf", folder.resolve("node.conf").toString()));
  }

  @Test
  void a_model_that_can_not_be_called_is_refused_with_what_to_do() {
    var keyless = new Keyless();

    assertThatThrownBy(
            () -> agents("agents.assistant.model = keyless/any", models.and(List.of(keyless))))
        .isInstanceOf(SettingsException.class)
        .hasMessage("model keyless/any: set THE_KEY");
    assertThat(agents("agents.assistant {}", models.and(List.of(keyless))).find("assistant"))
        .isPresent();
  }

  /** Has a model that nobody can call. */
  private static final class Keyless implements ModelProvider {
    @Override
    public String name() {
      return "keyless";
    }

    @Override
    public List<String> models() {
      return List.of("any");
    }

    @Override
    public Optional<String> obstacle() {
      return Optional.of("set THE_KEY");
    }

    @Override
    public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
      throw new AssertionError(request);
    }
  }

  private Agents agents(String settings) {
    return agents(settings, models);
  }

  private Agents agents(String settings, ModelProviders models) {
    Path file = folder.resolve("node.conf");
    try {
      Files.writeString(file, "kantele { " + settings + " }");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Config runtime = ConfigFactory.parseResources("reference.conf");
    Config config = ConfigFactory.parseFile(file.toFile()).withFallback(runtime).resolve();
    return Agents.from(config.getConfig("kantele"), models, tools);
  }
}
