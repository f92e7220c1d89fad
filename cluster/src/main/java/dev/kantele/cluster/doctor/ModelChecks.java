package dev.kantele.cluster.doctor;

import com.typesafe.config.Config;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.Agents;
import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.model.ModelProviders.Resolution;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.tool.ToolRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/** Whether the models of all agents can be called, and what their servers say the time is. */
final class ModelChecks {
  private static final String CHECK = "model";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final Clock clock;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, ModelCheck> answers = new HashMap<>();
  private Optional<Duration> behind = Optional.empty();

  private ModelChecks(Clock clock) {
    this.clock = clock;
  }

  /**
   * What was found.
   *
   * @param behind how far this machine's clock is behind a server's, or negative: ahead of it;
   *     absent if no server said
   */
  record Outcome(List<Finding> findings, Optional<Duration> behind) {}

  /** Asks every provider that an agent needs, once. */
  static Outcome check(Config kantele, Clock clock) {
    var checks = new ModelChecks(clock);
    try {
      checks.checkAll(kantele);
    } catch (SettingsException e) {
      checks.findings.add(Finding.fail("agents", String.valueOf(e.getMessage())));
    }
    return new Outcome(List.copyOf(checks.findings), checks.behind);
  }

  private void checkAll(Config kantele) {
    ModelProviders models = ModelProviders.load(kantele, clock);
    Agents agents = Agents.from(kantele, models, ToolRegistry.load(kantele, clock));
    SortedMap<String, List<String>> users = new TreeMap<>();
    for (AgentSettings agent : agents.list()) {
      users.computeIfAbsent(agent.model(), _ -> new ArrayList<>()).add(agent.name());
    }
    users.forEach(
        (reference, names) -> {
          if (models.resolve(reference) instanceof Resolution.Found found) {
            findings.add(finding(found, reference + " (" + String.join(", ", names) + ")"));
          }
        });
  }

  private Finding finding(Resolution.Found found, String what) {
    return switch (answers.computeIfAbsent(found.provider().name(), _ -> ask(found))) {
      case ModelCheck.NotAsked _ -> Finding.ok(CHECK, what + " is there");
      case ModelCheck.Failed(var message, _) -> Finding.fail(CHECK, what + ": " + message);
      case ModelCheck.Reached(var listed, _)
          when listed.isPresent() && !listed.get().contains(found.model()) ->
          Finding.warn(
              CHECK,
              what
                  + " is not on the list of its server, which answers; look at the name, or have the server load it");
      case ModelCheck.Reached _ -> Finding.ok(CHECK, what + " can be reached");
    };
  }

  private ModelCheck ask(Resolution.Found found) {
    ModelCheck answer;
    try {
      answer = found.provider().check(ANSWER_LIMIT).toCompletableFuture().join();
    } catch (CompletionException e) {
      answer =
          new ModelCheck.Failed(
              "its provider can't say whether it works (" + e.getCause() + ")", Optional.empty());
    }
    Instant now = clock.instant();
    Optional<Instant> serverTime =
        switch (answer) {
          case ModelCheck.NotAsked _ -> Optional.empty();
          case ModelCheck.Reached(_, var time) -> time;
          case ModelCheck.Failed(_, var time) -> time;
        };
    serverTime.ifPresent(time -> behind = Optional.of(Duration.between(now, time)));
    return answer;
  }
}
