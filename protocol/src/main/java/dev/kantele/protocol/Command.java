package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a client asks of a node. Each command is answered by exactly one {@link Reply} with its
 * {@code id}.
 */
public sealed interface Command {
  /** The client's name for this command. */
  CommandId id();

  /** A command that addresses one session. */
  sealed interface OfSession extends Command {
    /** The session that is addressed. */
    SessionId session();
  }

  /**
   * A command whose {@code seq} counts the numbered commands from one client to one session: first
   * 1, step 1.
   */
  sealed interface Numbered extends OfSession {
    /** The command's number; may be left out over HTTP only, where the id alone guards. */
    OptionalLong seq();
  }

  /** The first message on a connection. */
  @WireName("hello")
  record Hello(CommandId id, List<Integer> versions, ClientId client, Optional<Secret> token)
      implements Command {
    public Hello {
      requireNonNull(id, "id");
      versions = List.copyOf(versions);
      requireNonNull(client, "client");
    }
  }

  /** Creates or finds a session. */
  @WireName("session.open")
  record SessionOpen(
      CommandId id, SessionId session, Optional<String> agent, Optional<JsonNode> metadata)
      implements OfSession {
    public SessionOpen {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      metadata = JsonValues.requireObject("metadata", metadata);
    }
  }

  /**
   * Subscribes the connection to everything after {@code after}, replacing its earlier
   * subscription.
   */
  @WireName("session.attach")
  record SessionAttach(
      CommandId id, SessionId session, long after, Optional<LogId> log, OptionalLong credit)
      implements OfSession {
    public SessionAttach {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      WireNumber.require("after", after, 0);
      credit.ifPresent(events -> WireNumber.require("credit", events, 0));
    }
  }

  /** Lets the server send {@code events} more. */
  @WireName("session.credit")
  record SessionCredit(CommandId id, SessionId session, long events) implements OfSession {
    public SessionCredit {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      WireNumber.require("events", events, 1);
    }
  }

  /** Ends the connection's subscription to a session. */
  @WireName("session.detach")
  record SessionDetach(CommandId id, SessionId session) implements OfSession {
    public SessionDetach {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
    }
  }

  /** Starts a turn, queues it, or steers the running one, by {@code policy} (absent: enqueue). */
  @WireName("prompt")
  record Prompt(
      CommandId id,
      SessionId session,
      OptionalLong seq,
      List<Part> content,
      Optional<TurnId> turn,
      Optional<PromptPolicy> policy,
      OptionalLong deadlineMs,
      Optional<String> model,
      Optional<JsonNode> params,
      Optional<JsonNode> outputSchema,
      Optional<JsonNode> metadata)
      implements Numbered {
    public Prompt {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      seq.ifPresent(number -> WireNumber.require("seq", number, 1));
      content = List.copyOf(content);
      if (content.isEmpty()) {
        throw new IllegalArgumentException("content: 0 parts (expected: at least 1)");
      }
      deadlineMs.ifPresent(millis -> WireNumber.require("deadline_ms", millis, 1));
      params = JsonValues.requireObject("params", params);
      outputSchema = JsonValues.requireObject("output_schema", outputSchema);
      metadata = JsonValues.requireObject("metadata", metadata);
    }
  }

  /** Cancels a turn, by default the running one. Valid at any time. */
  @WireName("cancel")
  record Cancel(
      CommandId id,
      SessionId session,
      Optional<TurnId> turn,
      Optional<String> reason,
      OptionalLong deadlineMs)
      implements OfSession {
    public Cancel {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      deadlineMs.ifPresent(millis -> WireNumber.require("deadline_ms", millis, 0));
    }
  }

  /** Answers {@code tool.approval_required}, with edited arguments if given. */
  @WireName("tool.decide")
  record ToolDecide(
      CommandId id,
      SessionId session,
      InvocationId invocation,
      Decision decision,
      Optional<JsonNode> arguments,
      Optional<String> reason)
      implements OfSession {
    public ToolDecide {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      requireNonNull(invocation, "invocation");
      requireNonNull(decision, "decision");
      arguments = JsonValues.requireObject("arguments", arguments);
    }
  }

  /** Offers tools that this client runs. */
  @WireName("tool.register")
  record ToolRegister(
      CommandId id, SessionId session, OptionalLong seq, List<ToolDescription> tools)
      implements Numbered {
    public ToolRegister {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      seq.ifPresent(number -> WireNumber.require("seq", number, 1));
      tools = List.copyOf(tools);
    }
  }

  /** A piece of a client-run tool's output. */
  @WireName("tool.progress")
  record ToolProgress(
      CommandId id,
      SessionId session,
      InvocationId invocation,
      Optional<String> chunk,
      Optional<Progress> progress)
      implements OfSession {
    public ToolProgress {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      requireNonNull(invocation, "invocation");
      if (chunk.isPresent() == progress.isPresent()) {
        throw new IllegalArgumentException("tool.progress: exactly one of chunk and progress");
      }
    }
  }

  /** The end of a client-run tool's call. */
  @WireName("tool.result")
  record ToolResult(
      CommandId id,
      SessionId session,
      InvocationId invocation,
      Optional<JsonNode> output,
      Optional<Failure> error)
      implements OfSession {
    public ToolResult {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      requireNonNull(invocation, "invocation");
      output = JsonValues.outputBeside(error, output);
      if (output.isPresent() == error.isPresent()) {
        throw new IllegalArgumentException("tool.result: exactly one of output and error");
      }
    }
  }

  /** Answers {@code input.requested}, or declines to. */
  @WireName("input.answer")
  record InputAnswer(
      CommandId id,
      SessionId session,
      RequestId request,
      Optional<JsonNode> content,
      Optional<Boolean> declined)
      implements OfSession {
    public InputAnswer {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
      requireNonNull(request, "request");
      content = JsonValues.nullIsAbsent(content);
      if (content.isPresent() == declined.orElse(false)) {
        throw new IllegalArgumentException("input.answer: exactly one of content and declined");
      }
    }
  }

  /** Ends running turns, then the session. */
  @WireName("session.close")
  record SessionClose(CommandId id, SessionId session, Optional<String> reason)
      implements OfSession {
    public SessionClose {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
    }
  }

  /** Ends running turns and the session, then erases its log. */
  @WireName("session.delete")
  record SessionDelete(CommandId id, SessionId session, Optional<String> reason)
      implements OfSession {
    public SessionDelete {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
    }
  }

  /** Asks for a session's turns and pending requests. */
  @WireName("session.status")
  record SessionStatus(CommandId id, SessionId session) implements OfSession {
    public SessionStatus {
      requireNonNull(id, "id");
      requireNonNull(session, "session");
    }
  }

  /** A command that asks for a list, page by page. */
  sealed interface Listing extends Command {
    /** The most entries that the reply may hold; 1 to 1,000, by default 100. */
    OptionalInt limit();

    /** The page to go on from: {@code next_page} of an earlier reply. */
    Optional<String> page();
  }

  /** Lists sessions, by id. */
  @WireName("session.list")
  record SessionList(CommandId id, OptionalInt limit, Optional<String> page) implements Listing {
    public SessionList {
      requireNonNull(id, "id");
      requirePageLimit(limit);
    }
  }

  /** Lists agents, by name. */
  @WireName("agents.list")
  record AgentsList(CommandId id, OptionalInt limit, Optional<String> page) implements Listing {
    public AgentsList {
      requireNonNull(id, "id");
      requirePageLimit(limit);
    }
  }

  /** Lists models, by reference. */
  @WireName("models.list")
  record ModelsList(CommandId id, OptionalInt limit, Optional<String> page) implements Listing {
    public ModelsList {
      requireNonNull(id, "id");
      requirePageLimit(limit);
    }
  }

  /** Replaces the connection's token before it expires. */
  @WireName("auth.refresh")
  record AuthRefresh(CommandId id, Secret token) implements Command {
    public AuthRefresh {
      requireNonNull(id, "id");
      requireNonNull(token, "token");
    }
  }

  /** Asks for a {@code pong}. */
  @WireName("ping")
  record Ping(CommandId id) implements Command {
    public Ping {
      requireNonNull(id, "id");
    }
  }

  /** Says that the client is about to close the connection. */
  @WireName("goodbye")
  record Goodbye(CommandId id) implements Command {
    public Goodbye {
      requireNonNull(id, "id");
    }
  }

  private static void requirePageLimit(OptionalInt limit) {
    limit.ifPresent(entries -> WireNumber.require("limit", entries, 1, 1_000));
  }
}
