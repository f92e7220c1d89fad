package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.LogId;
import dev.kantele.runtime.hook.Hooks;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.LogPruner;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.session.Catalog;
import dev.kantele.runtime.surroundings.Surroundings;
import dev.kantele.runtime.tool.Tool;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all sessions of a node share.
 *
 * @param owned knows which principals own how many sessions
 * @param turns told by each session whether its turn runs
 * @param incarnations gives each life of a session a mark of its own, 1 to 32 characters of {@code
 *     A-Za-z0-9}
 * @param logs gives each new log its identity
 */
public record SessionEnvironment(
    Catalog catalog,
    Function<String, Optional<ModelProvider>> providers,
    Function<String, Optional<Tool>> tools,
    Hooks hooks,
    LogReader reader,
    LogPruner pruner,
    ActorRef<BusySessions.Command> busy,
    ActorRef<OwnedSessions.Command> owned,
    RunningTurns turns,
    SessionSettings settings,
    Surroundings surroundings,
    Supplier<String> incarnations,
    Supplier<LogId> logs) {
  /** The clock that gives events their time. */
  Clock clock() {
    return surroundings.clock();
  }
}
