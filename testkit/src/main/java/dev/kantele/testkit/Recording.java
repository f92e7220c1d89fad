package dev.kantele.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.Session;
import dev.kantele.runtime.Turn;
import dev.kantele.runtime.model.scripted.ScriptStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * A session that took place, by its log: what people asked, what the model said, and what tools
 * gave. It can be played again on another agent, with the same people, the same model and the same
 * results, to see what the agent makes of it. Immutable.
 */
public final class Recording {
  private static final WireCodec CODEC = new WireCodec();

  private final List<Event> log;

  private Recording(List<Event> log) {
    this.log = List.copyOf(log);
  }

  /** A recording of {@code log}, from its first event. */
  public static Recording of(List<Event> log) {
    return new Recording(log);
  }

  /** Records a session of a node that runs, as far as it has come. */
  public static CompletionStage<Recording> of(Kantele kantele, String session) {
    Session opened = kantele.open(session);
    long last = opened.lastSeqAtOpen();
    return opened
        .events(0)
        .takeWhile(event -> event.seq() < last, /* inclusive= */ true)
        .runWith(Sink.seq(), kantele.system())
        .thenApply(Recording::new);
  }

  /** Reads what {@link #write} wrote. */
  public static Recording read(Path file) throws IOException {
    return new Recording(
        Files.readAllLines(file, UTF_8).stream()
            .filter(line -> !line.isBlank())
            .map(line -> CODEC.decodeEvent(line.getBytes(UTF_8)))
            .toList());
  }

  /** Writes the log, an event a line, as on the wire. It holds whatever was said. */
  public void write(Path file) throws IOException {
    Files.write(file, log.stream().map(event -> new String(CODEC.encode(event), UTF_8)).toList());
  }

  /** The log. */
  public List<Event> log() {
    return log;
  }

  /**
   * Plays it again, in a session {@code replay} of a node that has not started: the model says what
   * it said, turn by turn, and a tool that the node does not have itself gives what it gave.
   */
  public Replay replayOn(TestNode node) {
    var said = new LinkedHashMap<TurnId, List<Reply>>();
    var asked = new LinkedHashMap<TurnId, String>();
    var calls = new LinkedHashMap<InvocationId, EventBody.ToolRequested>();
    var tools = new LinkedHashMap<String, RecordedTool>();
    for (Event event : log) {
      switch (event.body()) {
        case EventBody.TurnQueued queued -> asked.put(queued.turn(), text(queued.content()));
        case EventBody.StreamCompleted end ->
            said.computeIfAbsent(end.turn(), _ -> new ArrayList<>()).add(reply(end));
        case EventBody.ToolRequested call -> calls.put(call.invocation(), call);
        case EventBody.ToolCompleted end ->
            tool(tools, calls, end.invocation()).gave(call(calls, end), end.output());
        case EventBody.ToolFailed end ->
            tool(tools, calls, end.invocation()).failed(call(calls, end), end.error());
        default -> {}
      }
    }
    tools.values().stream().filter(tool -> !node.hasTool(tool.spec().name())).forEach(node::with);
    said.values().forEach(replies -> node.model().turn(replies.toArray(Reply[]::new)));
    return play(node, asked, said);
  }

  private Replay play(TestNode node, Map<TurnId, String> asked, Map<TurnId, List<Reply>> said) {
    Session session = node.open("replay");
    asked.forEach(
        (turn, text) -> {
          if (said.containsKey(turn)) {
            Turn again = session.prompt(text);
            node.time().await(again.result());
          }
        });
    return new Replay(log, node.log("replay"));
  }

  private static String text(List<Part> content) {
    return Message.of(Role.USER, content).text();
  }

  private static Reply reply(EventBody.StreamCompleted end) {
    Reply reply = Reply.says("");
    for (Part part : end.message().content()) {
      reply =
          switch (part) {
            case Part.Text(var text) -> reply.thenSays(text);
            case Part.Reasoning reasoning -> reply.then(ScriptStep.reason(reasoning.text()));
            case Part.ToolCall call -> reply.then(ScriptStep.call(call.name(), call.arguments()));
            default -> reply;
          };
    }
    return reply
        .thenUses(end.usage().inputTokens(), end.usage().outputTokens())
        .thenFinishes(end.finishReason());
  }

  private static RecordedTool tool(
      Map<String, RecordedTool> tools,
      Map<InvocationId, EventBody.ToolRequested> calls,
      InvocationId invocation) {
    EventBody.ToolRequested call = calls.get(invocation);
    String name = call == null ? "unknown" : call.name();
    return tools.computeIfAbsent(name, RecordedTool::new);
  }

  private static String call(
      Map<InvocationId, EventBody.ToolRequested> calls, EventBody.OfInvocation end) {
    EventBody.ToolRequested call = calls.get(end.invocation());
    return call == null ? "" : call.arguments().map(Object::toString).orElse("");
  }

  /** What a failed call is told where nothing was recorded for it. */
  static Failure notRecorded(String tool, Object arguments) {
    return new Failure(
        "not_recorded", tool + " was not called with " + arguments, /* retryable= */ false);
  }
}
