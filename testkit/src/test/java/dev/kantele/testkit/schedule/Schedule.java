package dev.kantele.testkit.schedule;

import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.testkit.RecordingTool;
import dev.kantele.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One schedule: some trouble, then calm, then the rules. */
final class Schedule {
  /** A pull that was lost is made again after this at the latest. */
  private static final Duration LOST_PULL = Duration.ofSeconds(32);

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final long seed;
  private final Dice dice;
  private final World world;
  private final TestNode node;
  private final Findings findings = new Findings();
  private final Coverage coverage = new Coverage();
  private final List<Stage> stages = new ArrayList<>();

  /** A session, and who is interested in it. */
  private final class Stage {
    final SessionId session;
    final Ledger ledger;
    final View view;
    final List<Client> clients = new ArrayList<>();
    final Trouble trouble;

    Stage(String name, int clientCount) {
      this.session = new SessionId(name);
      node.open(name);
      this.ledger = new Ledger(session, findings);
      this.view = new View(node, name, ledger);
      for (int i = 0; i < clientCount; i++) {
        clients.add(new Client(node, name + "-c" + i, session, dice, ledger, findings));
      }
      this.trouble = new Trouble(node, name, dice, ledger, view, coverage);
    }
  }

  /** What came of a schedule. */
  record Outcome(
      long seed,
      List<Findings.Finding> findings,
      Coverage coverage,
      long steps,
      List<String> trace) {}

  private Schedule(long seed, PlantedFault planted) {
    this.seed = seed;
    this.dice = new Dice(seed);
    this.world = new World(seed, planted);
    this.node = world.node;
  }

  static Outcome play(long seed, PlantedFault planted) {
    return new Schedule(seed, planted).play(false);
  }

  /** The same, with what actors received. */
  static Outcome traced(long seed, PlantedFault planted) {
    return new Schedule(seed, planted).play(true);
  }

  private Outcome play(boolean traced) {
    if (traced) {
      node.world().trace().record();
    }
    try (node) {
      int sessions = dice.percent(20) ? 2 : 1;
      for (int i = 1; i <= sessions; i++) {
        stages.add(new Stage("s" + i, dice.percent(20) ? 3 : dice.between(1, 2)));
      }
      stages.forEach(stage -> stage.clients.forEach(Client::connect));
      node.time().advance(Duration.ofMillis(300));
      int rounds = dice.between(5, 11);
      for (int round = 0; round < rounds; round++) {
        act(dice.pick(stages));
        node.time().advance(Duration.ofMillis(dice.percent(30) ? 0 : dice.between(1, 500)));
      }
      calmDown();
      check();
    } catch (AssertionError e) {
      findings.add(Rule.NOTHING_IS_LEFT, "the node can't go on: " + e);
    }
    return new Outcome(
        seed, findings.all(), coverage, node.world().steps(), node.world().trace().lines());
  }

  private void act(Stage stage) {
    Condition condition = stage.view.condition();
    Client client = dice.pick(stage.clients);
    int kind = dice.between(1, 100);
    if (isRare(condition) && dice.percent(55)) {
      stage.trouble.make();
    } else if (kind <= 26 || (condition == Condition.IDLE && kind <= 70)) {
      prompt(client, condition);
    } else if (kind <= (condition == Condition.TOOLS_RUNNING ? 66 : 42)) {
      stage
          .view
          .running()
          .ifPresent(
              turn -> {
                client.cancel(turn);
                coverage.add(Fault.CANCEL, condition);
              });
    } else if (kind <= 60) {
      stage.trouble.make();
    } else if (kind <= 72 && client.isConnected()) {
      client.cut();
      coverage.add(Fault.CLIENT_CUT, condition);
    } else if (kind <= 80 && client.isConnected()) {
      client.stall(Duration.ofMillis(dice.between(100, 12_000)));
      coverage.add(Fault.CLIENT_STALLS, condition);
    } else {
      stage.trouble.make();
    }
  }

  /* More must go wrong where sessions seldom are. */
  private static boolean isRare(Condition condition) {
    return condition == Condition.ENDING || condition == Condition.PAUSING;
  }

  private void prompt(Client client, Condition condition) {
    switch (dice.between(1, 6)) {
      case 1 -> {
        client.prompt(PromptPolicy.INTERRUPT);
        coverage.add(Fault.INTERRUPT, condition);
      }
      case 2 -> {
        client.prompt(PromptPolicy.STEER);
        coverage.add(Fault.STEER, condition);
      }
      case 3 -> {
        client.prompt(PromptPolicy.ROLLBACK);
        coverage.add(Fault.ROLLBACK, condition);
      }
      default -> {
        client.prompt(PromptPolicy.ENQUEUE);
        coverage.add(Fault.PROMPT, condition);
      }
    }
  }

  private void calmDown() {
    node.faults().clear();
    node.restart();
    stages.forEach(stage -> stage.clients.forEach(Client::calmDown));
    Duration until = node.time().elapsed().plus(PATIENCE);
    do {
      node.time().advance(LOST_PULL);
    } while (!isQuiet() && node.time().elapsed().compareTo(until) < 0);
  }

  private boolean isQuiet() {
    return stages.stream()
        .allMatch(
            stage ->
                stage.view.condition() == Condition.IDLE
                    && stage.clients.stream()
                        .allMatch(
                            client ->
                                client.isConnected()
                                    && client.isAnswered()
                                    && client.rules().open().isEmpty()));
  }

  private void check() {
    for (Stage stage : stages) {
      Client late =
          new Client(node, stage.session + "-late", stage.session, dice, stage.ledger, findings);
      late.calmDown();
      late.connect();
      node.time().advance(Duration.ofSeconds(5));
      stage.ledger.settle(node.log(stage.session.value()));
      for (Client client : stage.clients) {
        if (!client.isConnected() || !client.isAnswered()) {
          findings.add(Rule.REPLIES_HOLD, stage.session + ": a client still waits for a reply");
        }
        client
            .rules()
            .open()
            .forEach(one -> findings.add(Rule.ACCEPTED_TURNS_END, stage.session + ": " + one));
      }
      late.rules()
          .open()
          .forEach(one -> findings.add(Rule.ACCEPTED_TURNS_END, stage.session + ": " + one));
      if (late.rules().last() < last(node.log(stage.session.value()))) {
        findings.add(Rule.ONE_LOG, stage.session + ": a late subscriber got not all");
      }
    }
    node.violations().forEach(one -> findings.add(Rule.LOG_RULES, one));
    checkEffects();
    node.model().requests().forEach(this::checkTranscript);
    for (String part : List.of("/stream-", "/tool-")) {
      node.faults()
          .actors(part)
          .forEach(actor -> findings.add(Rule.NOTHING_IS_LEFT, actor + " is left running"));
    }
    node.world()
        .strays()
        .forEach(stray -> findings.add(Rule.NOTHING_IS_LEFT, stray + " is not of this world"));
  }

  private static long last(List<Event> log) {
    return log.isEmpty() ? 0 : log.getLast().seq();
  }

  private void checkEffects() {
    for (RecordingTool tool : List.of(world.pay, world.send)) {
      Set<EffectId> seen = new HashSet<>();
      for (EffectId effect : tool.effects()) {
        if (!seen.add(effect)) {
          findings.add(
              Rule.EFFECTS_DO_NOT_DOUBLE, tool.spec().name() + ": " + effect + " took place twice");
        }
      }
    }
    Set<EffectId> sent = new HashSet<>();
    world
        .send
        .calls()
        .forEach(
            call -> {
              if (!sent.add(call.effectId())) {
                findings.add(
                    Rule.EFFECTS_DO_NOT_DOUBLE, "send: " + call.effectId() + " was begun twice");
              }
            });
  }

  private void checkTranscript(ModelRequest request) {
    Set<InvocationId> calls = new HashSet<>();
    for (Message message : request.transcript()) {
      for (Part part : message.content()) {
        switch (part) {
          case Part.ToolCall call -> calls.add(call.invocation());
          case Part.ToolResult result -> calls.remove(result.invocation());
          default -> {}
        }
      }
    }
    if (!calls.isEmpty()) {
      findings.add(Rule.TRANSCRIPT_IS_VALID, request.stream() + " has no result of " + calls);
    }
  }
}
