package dev.kantele.cluster.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.client.RemoteSessions;
import dev.kantele.cluster.kill.KillPoint.When;
import dev.kantele.cluster.kill.KillPoint.Write;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node that is killed before and after each kind of write, while one client prompts,
 * decides, cancels, closes and deletes; the client goes on as if nothing had happened, and finds
 * everything as it was told. {@code -Dkantele.kill-points=N} chooses how many points; all kinds
 * have their turns.
 */
@Timeout(3_600)
final class KillPointScenario {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int POINTS = Integer.getInteger("kantele.kill-points", 10);

  /** From one point to the next; has no divisor in common with the number of kinds. */
  private static final int STEP = 8;

  /** What the client does in the session. */
  private enum Plan {
    /** A turn with two tool calls. */
    TURN("payer"),
    /** The same, and somebody is asked before each call. */
    DECIDE("asker"),
    /** A turn that is cancelled while it streams. */
    CANCEL("talker"),
    /** A turn, and then the session is closed. */
    CLOSE("payer"),
    /** A turn, and then the session is deleted. */
    DELETE("payer");

    final String agent;

    Plan(String agent) {
      this.agent = agent;
    }
  }

  private record Kind(Plan plan, Write write, String type) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(Plan.TURN, Write.ROWS, "session.opened"),
          new Kind(Plan.TURN, Write.ROWS, "turn.queued"),
          new Kind(Plan.TURN, Write.ROWS, "turn.started"),
          new Kind(Plan.TURN, Write.ROWS, "stream.started"),
          new Kind(Plan.TURN, Write.ROWS, "stream.completed"),
          new Kind(Plan.TURN, Write.ROWS, "tool.requested"),
          new Kind(Plan.DECIDE, Write.ROWS, "tool.approval_required"),
          new Kind(Plan.DECIDE, Write.ROWS, "tool.approved"),
          new Kind(Plan.TURN, Write.ROWS, "tool.started"),
          new Kind(Plan.TURN, Write.ROWS, "tool.completed"),
          new Kind(Plan.TURN, Write.ROWS, "turn.completed"),
          new Kind(Plan.TURN, Write.SNAPSHOT, ""),
          new Kind(Plan.CANCEL, Write.ROWS, "note.end_requested"),
          new Kind(Plan.CANCEL, Write.ROWS, "stream.cancelled"),
          new Kind(Plan.CANCEL, Write.ROWS, "turn.cancelled"),
          new Kind(Plan.CLOSE, Write.ROWS, "note.close_requested"),
          new Kind(Plan.CLOSE, Write.ROWS, "session.closed"),
          new Kind(Plan.DELETE, Write.ROWS, "note.erased"),
          new Kind(Plan.DELETE, Write.DELETION, ""));

  private static final String PAYER =
      """
      - when: {call: 1}
        reply:
          - {say: "Let me see.", chunk: 2, every: 1ms}
          - call: {tool: pay, arguments: {}}
          - call: {tool: look, arguments: {}}
      - reply: {say: "It is paid, and seen.", chunk: 2, every: 1ms}
      """;

  @TempDir Path folder;
  private final Map<SessionId, Witness> witnesses = new HashMap<>();
  private final Set<SessionId> cancelled = new HashSet<>();
  private final int port = freePort();

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Step(Plan plan, KillPoint point) {
    SessionId session() {
      return new SessionId(point.session());
    }
  }

  private static List<Step> steps() {
    var steps = new ArrayList<Step>();
    for (int i = 0; i < POINTS; i++) {
      Kind kind = KINDS.get(i * STEP % KINDS.size());
      When when = (i + i / KINDS.size()) % 2 == 0 ? When.BEFORE : When.AFTER;
      steps.add(new Step(kind.plan, new KillPoint(kind.write, kind.type, when, "session-" + i)));
    }
    return steps;
  }

  @Test
  void what_a_client_was_told_is_true_wherever_the_node_is_killed() throws Exception {
    List<Step> steps = steps();
    NodeProcess node = serve(Optional.of(steps.getFirst().point));
    try {
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        NodeProcess killed = node;
        Optional<KillPoint> next =
            i + 1 < steps.size() ? Optional.of(steps.get(i + 1).point) : Optional.empty();
        CompletableFuture<NodeProcess> following =
            CompletableFuture.supplyAsync(
                () -> {
                  assertThat(killed.awaitExit().code())
                      .as("%s: %s", step, killed)
                      .isEqualTo(KillAgent.KILLED);
                  return serve(next);
                },
                // The common pool is the client's, and may have one thread only.
                task -> Thread.ofPlatform().start(task));
        // One client goes through each kill: a connection has so many subscriptions at the most.
        try (SessionAccess access = connect(killed)) {
          run(access, step);
        }
        assertThat(following).as("the node was killed %s", step).succeedsWithin(NodeProcess.LIMIT);
        node = following.join();
      }
      for (Step step : steps) {
        if (step.plan != Plan.DELETE) {
          try (SessionAccess access = connect(node)) {
            witness(step.session()).assertAgreesWith(log(access, step.session()));
          }
        }
      }
    } finally {
      node.close();
    }
    assertThat(runsOfEachPayment()).isNotEmpty().allSatisfy(runs -> assertThat(runs).isEqualTo(1));
  }

  private static SessionAccess connect(NodeProcess node) {
    return RemoteSessions.connect(node.url(), Optional.empty(), PATIENCE, _ -> {});
  }

  private Witness witness(SessionId session) {
    return witnesses.computeIfAbsent(session, _ -> new Witness());
  }

  private void run(SessionAccess access, Step step) {
    SessionId session = step.session();
    Witness witness = witness(session);
    acknowledged(
        access,
        new Command.SessionOpen(
            new CommandId("open"), session, Optional.of(step.plan.agent), Optional.empty()));
    Subscription subscription = access.attach(session, 0, Optional.empty());
    acknowledged(access, prompt(session));
    do {
      Event event = witness.saw(subscription.next());
      switch (event.body()) {
        case EventBody.ToolApprovalRequired asked -> decide(access, session, asked);
        case EventBody.TextDelta _ when step.plan == Plan.CANCEL && cancelled.add(session) ->
            acknowledged(
                access,
                new Command.Cancel(
                    new CommandId("cancel"),
                    session,
                    Optional.of(new TurnId("turn")),
                    Optional.empty(),
                    OptionalLong.empty()));
        default -> {}
      }
    } while (witness.last() == 0 || witness.hasOpenTurn() || witness.turns() == 0);
    switch (step.plan) {
      case CLOSE -> {
        acknowledged(
            access, new Command.SessionClose(new CommandId("close"), session, Optional.empty()));
        Event last;
        do {
          last = witness.saw(subscription.next());
        } while (!(last.body() instanceof EventBody.SessionClosed));
      }
      case DELETE -> {
        delete(access, session);
        awaitDeleted(access, session);
      }
      case TURN, DECIDE, CANCEL -> {}
    }
  }

  /** A decision may have been taken before the node that took it could say so. */
  private static void decide(
      SessionAccess access, SessionId session, EventBody.ToolApprovalRequired asked) {
    Reply reply =
        access.submit(
            new Command.ToolDecide(
                new CommandId("decide-" + asked.invocation()),
                session,
                asked.invocation(),
                Decision.APPROVE,
                Optional.empty(),
                Optional.empty()));
    assertThat(reply)
        .satisfiesAnyOf(
            ack -> assertThat(ack).isInstanceOf(Reply.Ack.class),
            nack ->
                assertThat(((Reply.Nack) nack).error().code())
                    .isEqualTo(ErrorCode.ALREADY_DECIDED));
  }

  /** It may have been deleted before the node that did so could say it. */
  private static void delete(SessionAccess access, SessionId session) {
    Reply reply =
        access.submit(
            new Command.SessionDelete(new CommandId("delete"), session, Optional.empty()));
    assertThat(reply)
        .satisfiesAnyOf(
            ack -> assertThat(ack).isInstanceOf(Reply.Ack.class),
            nack ->
                assertThat(((Reply.Nack) nack).error().code())
                    .isEqualTo(ErrorCode.SESSION_NOT_FOUND));
  }

  /** The rows go when the node gets to it, after the reply. */
  private static void awaitDeleted(SessionAccess access, SessionId session) {
    for (int i = 0; ; i++) {
      Reply status =
          access.submit(new Command.SessionStatus(new CommandId("status-" + i), session));
      if (status instanceof Reply.Nack) {
        return;
      }
    }
  }

  private static void acknowledged(SessionAccess access, Command.OfSession command) {
    assertThat(access.submit(command)).isInstanceOf(Reply.Ack.class);
  }

  private static Command.Prompt prompt(SessionId session) {
    return new Command.Prompt(
        new CommandId("prompt"),
        session,
        OptionalLong.empty(),
        List.of(new Part.Text("Please.")),
        Optional.of(new TurnId("turn")),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Event> log(SessionAccess access, SessionId session) {
    Subscription subscription = access.attach(session, 0, Optional.empty());
    var events = new ArrayList<Event>();
    do {
      events.add(subscription.next().event());
    } while (events.getLast().seq() < subscription.lastSeqAtStart());
    return events;
  }

  private List<Integer> runsOfEachPayment() throws IOException {
    var runs = new HashMap<String, Integer>();
    for (String line : Files.readAllLines(folder.resolve("ledger.txt"))) {
      if (line.startsWith("pay ")) {
        runs.merge(line.split(" ", -1)[1], 1, Integer::sum);
      }
    }
    return List.copyOf(runs.values());
  }

  private NodeProcess serve(Optional<KillPoint> point) {
    try {
      var arguments =
          List.of(
              "serve",
              "--port",
              Integer.toString(port),
              "--data",
              folder.resolve("data").toString(),
              "--config",
              config().toString());
      Map<String, String> environment =
          point.isEmpty()
              ? Map.of()
              : Map.of(
                  "JAVA_TOOL_OPTIONS",
                  "-javaagent:" + KillAgent.jar(folder) + "=" + point.get().argument());
      NodeProcess node = NodeProcess.start(new NodeProcess.Launch(arguments, environment, ""));
      assertThat(node.port()).isEqualTo(port);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path config() throws IOException {
    Path payer = Files.writeString(folder.resolve("payer.yaml"), PAYER);
    Path talker =
        Files.writeString(
            folder.resolve("talker.yaml"),
            """
            - reply: {say: "%s", chunk: 1, every: 20ms}
            """
                .formatted("on and on and ".repeat(40)));
    return Files.writeString(
        folder.resolve("kantele.conf"),
        """
        kantele {
          test.ledger = "%s"
          session.snapshot-every = 4
          models.scripted { scripts.payer = "%s", scripts.talker = "%s" }
          default-agent = payer
          agents {
            payer { model = scripted/payer, tools = [pay, look], approvals.otherwise = allow, limits { attempts = 16, retry-delay = 1ms } }
            asker { model = scripted/payer, tools = [pay, look], approvals.otherwise = ask, limits { attempts = 16, retry-delay = 1ms } }
            talker { model = scripted/talker, limits { attempts = 16, retry-delay = 1ms } }
          }
        }
        """
            .formatted(folder.resolve("ledger.txt"), payer, talker)
            .replace("\\", "\\\\"));
  }
}
