package dev.kantele.runtime.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireName;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.agent.Durability;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.tool.AskUserTool;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A core on a journal in memory, with an agent that may look (read-only) and send (unsafe), and a
 * turn that one prompt has started. Each method gives one input and returns the step.
 */
final class CoreRig implements Catalog {
  static final SessionId ID = new SessionId("session");
  static final TurnId TURN = new TurnId("t1");

  private static final ObjectMapper JSON = new ObjectMapper();

  ApprovalPolicy policy = ApprovalPolicy.DEFAULT;

  /** A tool that is configured no longer. */
  String gone = "";

  /** Whether hooks are asked about tool calls. */
  boolean hooks;

  final List<JournalRecord> journal = new ArrayList<>();
  SessionState state = SessionState.EMPTY;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  SessionLog log = new SessionLog(ID, SessionLog.DEFAULT_WINDOW_BYTES);
  private SessionCore core = core(1);
  private int lives = 1;
  private int commands;

  private SessionCore core(int life) {
    return new SessionCore(ID, this, log, "" + life, () -> new LogId("log"));
  }

  /** Opens the session and prompts it. */
  CoreRig begin() {
    command("ada", id -> new Command.SessionOpen(id, ID, Optional.empty(), Optional.empty()));
    prompt(TURN);
    return this;
  }

  Step prompt(TurnId turn) {
    return command(
        "ada",
        id ->
            new Command.Prompt(
                id,
                ID,
                OptionalLong.empty(),
                List.of(new Part.Text("Go on.")),
                Optional.of(turn),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  Step give(Input input) {
    Step step = core.step(state, input, now);
    for (JournalRecord row : step.rows()) {
      state = state.apply(row);
      journal.add(row);
    }
    core.committed(step, now);
    return step;
  }

  /** The node starts anew, with the journal only. */
  Step restart() {
    state = SessionState.EMPTY;
    journal.forEach(row -> state = state.apply(row));
    log = new SessionLog(ID, SessionLog.DEFAULT_WINDOW_BYTES);
    log.restart(state.lastSeq(), state.reserved());
    core = core(++lives);
    return give(new Input.Recovered());
  }

  /** Makes a command of the id that it is given. */
  interface Making {
    Command.OfSession of(CommandId id);
  }

  Step command(String client, Making command) {
    return command(client, command.of(new CommandId("c" + ++commands)));
  }

  Step command(String client, Command.OfSession command) {
    return give(new Input.Commanded(key(client), command, ++commands));
  }

  static ClientKey key(String client) {
    return new ClientKey("owner", new ClientId(client));
  }

  /** The model calls tools, each given as {@code name {arguments}}. */
  Step calls(String... tools) {
    for (int i = 0; i < tools.length; i++) {
      int space = tools[i].indexOf(' ');
      give(
          new Input.ModelSaid(
              stream(),
              List.of(
                  new ModelEvent.ToolCallStarted(i, tools[i].substring(0, space)),
                  new ModelEvent.ToolCallDelta(i, tools[i].substring(space + 1)))));
    }
    return finishes(FinishReason.TOOL_CALLS);
  }

  Step finishes(FinishReason reason) {
    return give(
        new Input.StreamEnded(
            stream(), new Input.StreamOutcome.Finished(reason, Usage.NONE, Map.of())));
  }

  StreamId stream() {
    return state.turn().flatMap(OpenTurn::stream).orElseThrow().stream();
  }

  /** The call that the current step made as number {@code index}. */
  InvocationId call(int index) {
    return state.turn().orElseThrow().calls().get(index).invocation();
  }

  Step completes(InvocationId invocation) {
    return give(new Input.ToolEnded(invocation, 1, new Input.ToolOutcome.Completed(json("1"))));
  }

  Step fires(Input.Timer timer) {
    return give(new Input.TimerFired(timer));
  }

  CoreRig pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  AckBody.Status status() {
    Step step = command("ada", id -> new Command.SessionStatus(id, ID));
    return (AckBody.Status) ((Reply.Ack) reply(step)).body();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** The events of a step, by their wire names. */
  static List<String> names(Step step) {
    return events(step).map(body -> body.getClass().getAnnotation(WireName.class).value()).toList();
  }

  static Stream<EventBody> events(Step step) {
    return step.rows().stream()
        .map(JournalRecord::content)
        .filter(Visible.class::isInstance)
        .map(content -> ((Visible) content).body());
  }

  /** The one event of its kind in a step. */
  static <T extends EventBody> T event(Step step, Class<T> kind) {
    List<T> found = events(step).filter(kind::isInstance).map(kind::cast).toList();
    if (found.size() != 1) {
      throw new AssertionError(kind.getSimpleName() + ": " + found + " (expected: one)");
    }
    return found.getFirst();
  }

  static <T extends Effect> List<T> effects(Step step, Class<T> kind) {
    return step.effects().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static Reply reply(Step step) {
    return effects(step, Effect.Answer.class).getFirst().reply();
  }

  /** The code with which a command was refused. */
  static ErrorCode nack(Step step) {
    if (reply(step) instanceof Reply.Nack(_, var error)) {
      return error.code();
    }
    throw new AssertionError(reply(step) + " (expected: a nack)");
  }

  @Override
  public String defaultAgent() {
    return "agent";
  }

  @Override
  public Optional<AgentSettings> agent(String name) {
    return Optional.of(
        new AgentSettings(
            "agent",
            "test/model",
            Optional.empty(),
            List.of("look", "send", AskUserTool.NAME),
            AgentLimits.DEFAULT,
            policy,
            Durability.TURN));
  }

  @Override
  public boolean hasModel(String reference) {
    return true;
  }

  @Override
  public Optional<ToolSpec> tool(String name) {
    if (name.equals(gone)) {
      return Optional.empty();
    }
    return switch (name) {
      case "look" -> Optional.of(spec(name, ToolEffect.READ_ONLY));
      case "send" -> Optional.of(spec(name, ToolEffect.UNSAFE));
      case AskUserTool.NAME -> Optional.of(new AskUserTool(Duration.ofHours(1)).spec());
      default -> Optional.empty();
    };
  }

  private static ToolSpec spec(String name, ToolEffect effect) {
    return new ToolSpec(name, "Does it", json("{}"), effect, Duration.ofSeconds(5));
  }

  @Override
  public boolean checksTools() {
    return hooks;
  }

  @Override
  public List<String> faults(String tool, JsonNode arguments) {
    return arguments.has("bad") ? List.of("bad: (expected: nothing)") : List.of();
  }
}
