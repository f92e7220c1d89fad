package dev.kantele.cluster.kill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.client.RemoteSessions;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node, killed with {@code kill -9} at a point that the dice choose, started again on the
 * same folder, and compared with what a real client saw. {@code -Dkantele.kills=N} and {@code
 * -Dkantele.kills.seed=N} choose how often and where.
 */
@Timeout(3_600)
final class KillScenario {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int KILLS = Integer.getInteger("kantele.kills", 12);
  private static final long SEED = Long.getLong("kantele.kills.seed", 20_261_120L);
  private static final int KILLS_PER_SESSION = 5;

  private static final String SCRIPT =
      """
      - when: {call: 1}
        reply:
          - {say: "Let me see. This takes a while, and is said in many small pieces.", chunk: 2, every: 4ms}
          - call: {tool: pay, arguments: {}}
          - call: {tool: look, arguments: {}}
      - reply: {say: "It is paid, and seen. And this is said in small pieces, too.", chunk: 2, every: 4ms}
      """;

  @TempDir Path folder;
  private final Random dice = new Random(SEED);
  private final Map<SessionId, Witness> witnesses = new HashMap<>();

  private NodeProcess serve() throws IOException {
    Path script = Files.writeString(folder.resolve("payer.yaml"), SCRIPT);
    Path config =
        Files.writeString(
            folder.resolve("kantele.conf"),
            """
            kantele {
              test.ledger = "%s"
              models.scripted { scripts.payer = "%s", call-log = "%s" }
              default-agent = payer
              agents.payer { model = scripted/payer, tools = [pay, look], approvals.otherwise = allow, limits { attempts = 16, retry-delay = 1ms } }
            }
            """
                .formatted(ledger(), script, callLog())
                .replace("\\", "\\\\"));
    return NodeProcess.serve(folder.resolve("data"), "--config", config.toString());
  }

  private Path ledger() {
    return folder.resolve("ledger.txt");
  }

  private Path callLog() {
    return folder.resolve("calls.jsonl");
  }

  private static SessionAccess connect(NodeProcess node) {
    return RemoteSessions.connect(node.url(), Optional.empty(), PATIENCE, _ -> {});
  }

  @Test
  void what_a_client_saw_is_true_after_every_kill() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      var session = new SessionId("s" + kill / KILLS_PER_SESSION);
      try (NodeProcess node = serve()) {
        watchUntilKilled(node, session, new TurnId("t" + kill));
      }
    }
    try (NodeProcess node = serve();
        SessionAccess access = connect(node)) {
      for (SessionId session : List.copyOf(witnesses.keySet())) {
        watchToTheEnd(access, session);
      }
    }
    try (NodeProcess node = serve();
        SessionAccess access = connect(node)) {
      for (Map.Entry<SessionId, Witness> entry : witnesses.entrySet()) {
        entry.getValue().assertAgreesWith(log(access, entry.getKey()));
      }
    }
    assertThat(runsByEffect("pay").values())
        .as("runs of each payment's effect")
        .isNotEmpty()
        .allSatisfy(runs -> assertThat(runs).isEqualTo(1));
  }

  /* The dice choose: right after the prompt, after some events, or between a tool's start and end. */
  private void watchUntilKilled(NodeProcess node, SessionId session, TurnId turn) {
    try (SessionAccess access = connect(node)) {
      Witness witness = witnesses.computeIfAbsent(session, _ -> new Witness());
      open(access, session);
      Subscription subscription = access.attach(session, witness.last(), Optional.empty());
      while (witness.hasOpenTurn()) {
        witness.saw(subscription.next());
      }
      prompt(access, session, turn);
      switch (dice.nextInt(4)) {
        case 0 -> {}
        case 1 ->
            watch(witness, subscription, event -> event.body() instanceof EventBody.ToolStarted);
        default -> {
          int events = 1 + dice.nextInt(60);
          for (int i = 0; i < events && (i == 0 || witness.hasOpenTurn()); i++) {
            witness.saw(subscription.next());
          }
        }
      }
      node.kill();
    }
  }

  private static void watch(Witness witness, Subscription subscription, Predicate<Event> until) {
    while (true) {
      var received = subscription.next();
      witness.saw(received);
      if (until.test(received.event())) {
        return;
      }
    }
  }

  private void watchToTheEnd(SessionAccess access, SessionId session) {
    Witness witness = requireNonNull(witnesses.get(session));
    Reply status = access.submit(new Command.SessionStatus(new CommandId("status"), session));
    assertThat(status).isInstanceOf(Reply.Ack.class);
    Subscription subscription = access.attach(session, witness.last(), Optional.empty());
    while (witness.hasOpenTurn() || witness.last() < subscription.lastSeqAtStart()) {
      witness.saw(subscription.next());
    }
  }

  private static List<Event> log(SessionAccess access, SessionId session) {
    Subscription subscription = access.attach(session, 0, Optional.empty());
    var events = new ArrayList<Event>();
    do {
      events.add(subscription.next().event());
    } while (events.getLast().seq() < subscription.lastSeqAtStart());
    return events;
  }

  private static void open(SessionAccess access, SessionId session) {
    Reply reply =
        access.submit(
            new Command.SessionOpen(
                new CommandId("open"), session, Optional.empty(), Optional.empty()));
    assertThat(reply).isInstanceOf(Reply.Ack.class);
  }

  private static void prompt(SessionAccess access, SessionId session, TurnId turn) {
    Reply reply =
        access.submit(
            new Command.Prompt(
                new CommandId("prompt-" + turn),
                session,
                OptionalLong.empty(),
                List.of(new Part.Text("Please pay.")),
                Optional.of(turn),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(reply).isInstanceOf(Reply.Ack.class);
  }

  private Map<String, Integer> runsByEffect(String tool) throws IOException {
    var runs = new HashMap<String, Integer>();
    for (String line : Files.readAllLines(ledger())) {
      String[] words = line.split(" ", -1);
      if (words[0].equals(tool)) {
        runs.merge(words[1], 1, Integer::sum);
      }
    }
    return runs;
  }

  @Test
  void a_turn_ends_after_a_kill_though_nobody_is_connected() throws Exception {
    var session = new SessionId("alone");
    try (NodeProcess node = serve();
        SessionAccess access = connect(node)) {
      open(access, session);
      Subscription subscription = access.attach(session, 0, Optional.empty());
      prompt(access, session, new TurnId("t"));
      watch(new Witness(), subscription, event -> event.body() instanceof EventBody.TextDelta);
      node.kill();
    }
    assertThat(Files.readAllLines(callLog())).hasSize(1);

    try (WatchService changes = folder.getFileSystem().newWatchService()) {
      folder.register(
          changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      try (NodeProcess node = serve()) {
        awaitLines(changes, callLog(), 3);
        try (SessionAccess access = connect(node)) {
          Witness witness = new Witness();
          Subscription subscription = access.attach(session, 0, Optional.empty());
          watch(witness, subscription, event -> event.body() instanceof EventBody.TurnCompleted);
          witness.assertAgreesWith(log(access, session));
        }
      }
    }
    assertThat(runsByEffect("pay").values()).containsExactly(1);
  }

  /* The first call died with the node; the second repeats it, and the third comes after the tools. */
  private static void awaitLines(WatchService changes, Path file, int lines)
      throws IOException, InterruptedException {
    while (Files.readAllLines(file).size() < lines) {
      WatchKey key = changes.poll(60, TimeUnit.SECONDS);
      assertThat(key).as("a change of %s", file).isNotNull();
      key.pollEvents();
      key.reset();
    }
  }
}
