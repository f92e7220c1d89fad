package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/** What an {@link Reply.Ack} tells beside its id; its fields stand directly in the {@code ack}. */
public sealed interface AckBody {
  /** Nothing but that it is done. */
  record Done() implements AckBody {}

  /** Answers {@code session.open}. */
  record Opened(boolean created, LogId log, long lastSeq, long nextSeq) implements AckBody {
    public Opened {
      requireNonNull(log, "log");
      WireNumber.require("last_seq", lastSeq, 0);
      WireNumber.require("next_seq", nextSeq, 1);
    }
  }

  /** Answers {@code session.attach}. */
  record Attached(LogId log, long lastSeq, long nextSeq) implements AckBody {
    public Attached {
      requireNonNull(log, "log");
      WireNumber.require("last_seq", lastSeq, 0);
      WireNumber.require("next_seq", nextSeq, 1);
    }
  }

  /** Answers {@code prompt}: the turn it runs in, and how many turns run or wait before it. */
  record PromptAccepted(TurnId turn, long position, long nextSeq) implements AckBody {
    public PromptAccepted {
      requireNonNull(turn, "turn");
      WireNumber.require("position", position, 0);
      WireNumber.require("next_seq", nextSeq, 1);
    }
  }

  /** Answers {@code tool.register}. */
  record ToolsRegistered(long registered, long nextSeq) implements AckBody {
    public ToolsRegistered {
      WireNumber.require("registered", registered, 0);
      WireNumber.require("next_seq", nextSeq, 1);
    }
  }

  /** Answers {@code session.status}. */
  record Status(
      LogId log,
      long lastSeq,
      long nextSeq,
      String agent,
      boolean closed,
      List<TurnStatus> turns,
      List<PendingRequest> pending)
      implements AckBody {
    public Status {
      requireNonNull(log, "log");
      requireNonNull(agent, "agent");
      turns = List.copyOf(turns);
      pending = List.copyOf(pending);
    }
  }

  /** A turn that has not ended: {@code queued}, {@code running} or {@code cancelling}. */
  record TurnStatus(TurnId turn, String state) {}

  /** Answers {@code session.list}. */
  record Sessions(List<SessionSummary> sessions, Optional<String> nextPage) implements AckBody {
    public Sessions {
      sessions = List.copyOf(sessions);
    }
  }

  /** One session of a list. */
  record SessionSummary(SessionId session) {}

  /** Answers {@code agents.list}. */
  record Agents(List<AgentSummary> agents, Optional<String> nextPage) implements AckBody {
    public Agents {
      agents = List.copyOf(agents);
    }
  }

  /** One agent of a list. */
  record AgentSummary(String name, String model, List<String> tools) {
    public AgentSummary {
      tools = List.copyOf(tools);
    }
  }

  /** Answers {@code models.list}. */
  record Models(List<ModelSummary> models, Optional<String> nextPage) implements AckBody {
    public Models {
      models = List.copyOf(models);
    }
  }

  /** One model of a list, as {@code provider/name}. */
  record ModelSummary(String model) {}
}
