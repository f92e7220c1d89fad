package dev.kantele.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.MemoryStore;
import dev.kantele.runtime.session.actor.SessionActor;
import dev.kantele.runtime.session.actor.SessionMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorNotFound;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * A node whose agent {@code tester} has a tool for each kind of effect. Tests share one, each with
 * sessions and models of its own.
 */
final class TestKantele implements AutoCloseable {
  /** How long anything may take on a machine that is busy with other things. */
  static final int PATIENCE_SECONDS = 40;

  private static final AtomicInteger NAMES = new AtomicInteger();

  final TestModel model;
  final TestTool look;
  final TestTool send;
  final TestTool pay;
  final TestTool hasty;
  final Kantele kantele;

  private TestKantele(KanteleSettings settings, Parts parts) {
    this.model = parts.model;
    this.look = parts.look;
    this.send = parts.send;
    this.pay = parts.pay;
    this.hasty = parts.hasty;
    this.kantele =
        Kantele.start(
            settings,
            KanteleParts.none()
                .with(model)
                .with(look)
                .with(send)
                .with(pay)
                .with(hasty)
                .with(parts.hooks));
  }

  /** What a host adds; nodes that follow each other on the same data share it. */
  static final class Parts {
    final TestModel model = new TestModel();
    final TestTool look = new TestTool("look", ToolEffect.READ_ONLY);
    final TestTool send = new TestTool("send", ToolEffect.UNSAFE);
    final TestTool pay = new TestTool("pay", ToolEffect.RECONCILE);

    /** Are asked in this order. */
    final Hook[] hooks;

    Parts(Hook... hooks) {
      this.hooks = hooks;
    }

    /** Has no time. */
    final TestTool hasty = new TestTool("hasty", ToolEffect.READ_ONLY, Duration.ofMillis(50));
  }

  private static KanteleSettings settings(String overrides) {
    Config defaults =
        ConfigFactory.parseString(
            """
            kantele.default-agent = tester
            kantele.agents.tester {
              model = "test/none"
              tools = [look, send, pay, hasty]
              approvals.otherwise = allow
              limits { retry-delay = 1ms, cancel-deadline = 300ms }
            }
            # So long that nothing which is lost comes back by itself.
            kantele.session {
              hold-pull = 1h
              command-limit = 1h
              release-after = 1h
              passivate-after = 1h
            }
            """);
    return KanteleSettings.from(ConfigFactory.parseString(overrides).withFallback(defaults));
  }

  /** A node with a journal in memory. */
  static TestKantele start() {
    return start("");
  }

  /** A node with a journal in memory; {@code overrides} is HOCON. */
  static TestKantele start(String overrides) {
    return new TestKantele(settings(overrides).inMemory(), new Parts());
  }

  /** A node with a journal in memory. */
  static TestKantele start(String overrides, Parts parts) {
    return new TestKantele(settings(overrides).inMemory(), parts);
  }

  /** A node that keeps everything in {@code folder}. */
  static TestKantele start(Path folder, String overrides, Parts parts) {
    return new TestKantele(settings(overrides).data(folder), parts);
  }

  /** Opens a session that no other test has. */
  Session open() {
    return kantele.open("s-" + NAMES.incrementAndGet());
  }

  /** The actor of a session that is awake. */
  ActorRef<SessionMessage> actor(Session session) {
    return Adapter.toTyped(get(find("/user/sessions/registry/" + session.id() + "-*")));
  }

  /** The sessions that the next node would wake. */
  Set<SessionId> busy() {
    ActorRef<BusySessions.Command> busy = Adapter.toTyped(get(find("/user/busy")));
    return get(AskPattern.<BusySessions.Command, BusySessions.Members>ask(
            busy,
            BusySessions.GetMembers::new,
            Duration.ofSeconds(PATIENCE_SECONDS),
            kantele.system().scheduler()))
        .sessions();
  }

  private CompletionStage<org.apache.pekko.actor.ActorRef> find(String path) {
    return Adapter.toClassic(kantele.system())
        .actorSelection(path)
        .resolveOne(Duration.ofSeconds(PATIENCE_SECONDS));
  }

  /** Waits until an idle session has stopped, if it has not done so already. */
  void awaitAsleep(Session session) {
    try {
      awaitStop(
          find("/user/sessions/registry/" + session.id() + "-*")
              .toCompletableFuture()
              .thenApply(Adapter::<SessionMessage>toTyped)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof ActorNotFound)) {
        throw new AssertionError(e);
      }
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until an actor has stopped. */
  void awaitStop(ActorRef<?> actor) {
    TestProbe.create(kantele.system())
        .expectTerminated(actor, Duration.ofSeconds(PATIENCE_SECONDS));
  }

  JournalFaults faults() {
    return MemoryStore.of(kantele.system()).faults();
  }

  /** The id of a session's rows in the journal. */
  static String rows(Session session) {
    return rows(session.id());
  }

  static String rows(SessionId session) {
    return SessionActor.persistenceId(session).id();
  }

  @Override
  public void close() {
    kantele.close();
  }

  /** A prompt for {@code model}, with an id of its own. */
  static Command.Prompt prompt(Session session, String model) {
    return prompt(session.id(), model);
  }

  static Command.Prompt prompt(SessionId session, String model) {
    return prompt(session, model, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** A prompt whose output must fit {@code schema}. */
  static Command.Prompt prompt(Session session, String model, JsonNode schema) {
    return prompt(session.id(), model, Optional.empty(), Optional.empty(), Optional.of(schema));
  }

  static Command.Prompt prompt(Session session, String model, TurnId turn) {
    return prompt(session.id(), model, Optional.of(turn), Optional.empty(), Optional.empty());
  }

  static Command.Prompt prompt(Session session, String model, PromptPolicy policy) {
    return prompt(session.id(), model, Optional.empty(), Optional.of(policy), Optional.empty());
  }

  private static Command.Prompt prompt(
      SessionId session,
      String model,
      Optional<TurnId> turn,
      Optional<PromptPolicy> policy,
      Optional<JsonNode> schema) {
    return new Command.Prompt(
        Session.newCommand(),
        session,
        OptionalLong.empty(),
        List.of(new Part.Text("Go on.")),
        turn,
        policy,
        OptionalLong.empty(),
        Optional.of(model),
        Optional.empty(),
        schema,
        Optional.empty());
  }

  static Command.Cancel cancel(Session session) {
    return new Command.Cancel(
        Session.newCommand(),
        session.id(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }

  static Command.SessionStatus askStatus(Session session) {
    return new Command.SessionStatus(Session.newCommand(), session.id());
  }

  static AckBody.Status status(Session session) {
    return (AckBody.Status) ack(session.submit(askStatus(session)));
  }

  /** The body of an {@code ack}. */
  static AckBody ack(CompletionStage<Reply> reply) {
    return switch (get(reply)) {
      case Reply.Ack(_, _, var body) -> body;
      case Reply other -> throw new AssertionError("reply: " + other + " (expected: an ack)");
    };
  }

  /** The code of a {@code nack}. */
  static ErrorCode nack(CompletionStage<Reply> reply) {
    return switch (get(reply)) {
      case Reply.Nack(_, var error) -> error.code();
      case Reply other -> throw new AssertionError("reply: " + other + " (expected: a nack)");
    };
  }

  /** Waits for the next element of {@code queue}. */
  static <T> T take(BlockingQueue<T> queue, String otherwise) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError(otherwise);
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
