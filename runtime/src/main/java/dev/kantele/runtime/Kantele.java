package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.agent.Agents;
import dev.kantele.runtime.hook.Hooks;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.DataFolder;
import dev.kantele.runtime.journal.JournalConfig;
import dev.kantele.runtime.journal.JournalSettings;
import dev.kantele.runtime.journal.JournalWrites;
import dev.kantele.runtime.journal.LogPruner;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.session.Catalog;
import dev.kantele.runtime.session.actor.OwnedSessions;
import dev.kantele.runtime.session.actor.RunningTurns;
import dev.kantele.runtime.session.actor.SessionEnvironment;
import dev.kantele.runtime.session.actor.SessionSettings;
import dev.kantele.runtime.sessions.LocalSessions;
import dev.kantele.runtime.sessions.Sessions;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.surroundings.DirectStage;
import dev.kantele.runtime.surroundings.Surroundings;
import dev.kantele.runtime.tool.ToolRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Materializer;

/**
 * A node in this JVM: its sessions, and the way to them. Thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * try (var kantele = Kantele.start(KanteleSettings.load())) {
 *   var session = kantele.open("demo");
 *   System.out.println(session.prompt("What is 12 * 7?").result().toCompletableFuture().join().text());
 * }
 * }
 */
public final class Kantele implements AutoCloseable {
  /** The principal to which sessions belong that are opened without authentication. */
  public static final String LOCAL_PRINCIPAL = "local";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration MAX_GRACE = Duration.ofHours(1);

  private final ActorSystem<Void> system;
  private final Optional<DataFolder> folder;
  private final Sessions sessions;
  private final NodeCatalog catalog;
  private final Surroundings surroundings;
  private final ClientKey client;
  private final Duration grace;

  private Kantele(
      ActorSystem<Void> system,
      Optional<DataFolder> folder,
      Sessions sessions,
      NodeCatalog catalog,
      Surroundings surroundings,
      ClientKey client,
      Duration grace) {
    this.system = system;
    this.folder = folder;
    this.sessions = sessions;
    this.catalog = catalog;
    this.surroundings = surroundings;
    this.client = client;
    this.grace = grace;
  }

  /**
   * Starts a node. Sessions that were busy when the node before it stopped go on at once.
   *
   * @throws SettingsException if a setting is wrong; the message says which, and what is expected
   * @throws dev.kantele.runtime.journal.JournalException if the data folder can't be used; the
   *     message says why, and what to do
   */
  public static Kantele start(KanteleSettings settings) {
    return start(settings, KanteleParts.none());
  }

  /** Starts a node with parts of the host's own; otherwise as {@link #start(KanteleSettings)}. */
  public static Kantele start(KanteleSettings settings, KanteleParts parts) {
    Config kantele = requireNonNull(settings, "settings").config().getConfig("kantele");
    NodeCatalog catalog = catalog(kantele, requireNonNull(parts, "parts"));
    SessionSettings session = sessionSettings(kantele);
    int sessionLimit = SecuritySettings.limits(kantele).sessions();
    Duration grace = drainGrace(kantele);
    JournalSettings journal = journalSettings(settings.config());
    Optional<DataFolder> folder =
        switch (journal.kind()) {
          case MEMORY -> Optional.empty();
          case SQLITE -> Optional.of(DataFolder.open(journal.data()));
        };
    try {
      return start(settings, parts, catalog, session, sessionLimit, folder, grace);
    } catch (RuntimeException e) {
      folder.ifPresent(DataFolder::close);
      throw e;
    }
  }

  private static NodeCatalog catalog(Config kantele, KanteleParts parts) {
    ModelProviders models = ModelProviders.load(kantele, parts.clock()).and(parts.models());
    ToolRegistry tools = ToolRegistry.load(kantele, parts.clock()).and(parts.tools());
    return new NodeCatalog(
        Agents.from(kantele, models, tools),
        models,
        tools,
        NodeCatalog.clientTools(kantele),
        hooks(kantele, parts),
        new RunningTurns());
  }

  private static Hooks hooks(Config kantele, KanteleParts parts) {
    Duration limit =
        SettingsReader.of(kantele, "kantele")
            .block("hooks")
            .duration("timeout", Duration.ofMillis(1));
    return new Hooks(parts.hooks(), limit, parts.surroundings());
  }

  private static SessionSettings sessionSettings(Config kantele) {
    try {
      return SessionSettings.from(kantele);
    } catch (IllegalArgumentException | ConfigException e) {
      throw new SettingsException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * How long {@link #drain} waits ({@code kantele.drain.grace}).
   *
   * @param kantele the block {@code kantele}
   * @throws SettingsException if it is no duration of up to an hour
   */
  public static Duration drainGrace(Config kantele) {
    SettingsReader drain = SettingsReader.of(kantele.getConfig("drain"), "kantele", "drain");
    Duration grace = drain.duration("grace", Duration.ZERO);
    if (grace.compareTo(MAX_GRACE) > 0) {
      throw drain.invalid("grace", "a duration of 0s..1h");
    }
    return grace;
  }

  private static JournalSettings journalSettings(Config config) {
    try {
      return JournalSettings.of(config);
    } catch (IllegalArgumentException | ConfigException e) {
      throw new SettingsException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Kantele start(
      KanteleSettings settings,
      KanteleParts parts,
      NodeCatalog catalog,
      SessionSettings session,
      int sessionLimit,
      Optional<DataFolder> folder,
      Duration grace) {
    Config config =
        folder
            .map(JournalConfig::sqlite)
            .orElseGet(JournalConfig::memory)
            .withFallback(withoutKeys(settings.config()));
    var started = new CompletableFuture<Sessions>();
    Duration commandLimit = config.getDuration("kantele.session.command-limit");
    Surroundings surroundings = parts.surroundings();
    ActorSystem<Void> system =
        ActorSystem.create(
            guardian(catalog, session, sessionLimit, surroundings, commandLimit, started),
            "kantele",
            surroundings.setup().withSetup(BootstrapSetup.create(config)));
    try {
      Sessions sessions =
          surroundings.waiting().awaitable(started).get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
      var client =
          new ClientKey(LOCAL_PRINCIPAL, new ClientId("embedded-" + surroundings.newName(8)));
      return new Kantele(system, folder, sessions, catalog, surroundings, client, grace);
    } catch (ExecutionException e) {
      stop(system, surroundings);
      throw new IllegalStateException("the node can't start", e.getCause());
    } catch (InterruptedException e) {
      stop(system, surroundings);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the start was interrupted", e);
    } catch (TimeoutException e) {
      stop(system, surroundings);
      throw new IllegalStateException("the node did not start within " + START_LIMIT, e);
    }
  }

  /* The actor system's configuration can be logged as a whole; the providers have their keys by now. */
  private static Config withoutKeys(Config config) {
    Config keyless = config;
    for (String provider : config.getObject("kantele.models").keySet()) {
      keyless = keyless.withoutPath(ConfigUtil.joinPath("kantele", "models", provider, "api-key"));
    }
    return keyless;
  }

  private static Behavior<Void> guardian(
      NodeCatalog catalog,
      SessionSettings session,
      int sessionLimit,
      Surroundings surroundings,
      Duration commandLimit,
      CompletableFuture<Sessions> started) {
    return Behaviors.setup(
        context -> {
          try {
            SessionEnvironment environment =
                environment(context, catalog, session, sessionLimit, surroundings);
            context.spawn(
                LocalSessions.create(environment, commandLimit, started::complete), "sessions");
            return Behaviors.empty();
          } catch (RuntimeException e) {
            started.completeExceptionally(e);
            return Behaviors.stopped();
          }
        });
  }

  private static SessionEnvironment environment(
      ActorContext<Void> context,
      NodeCatalog catalog,
      SessionSettings session,
      int sessionLimit,
      Surroundings surroundings) {
    LogReader reader = LogReader.of(context.getSystem());
    return new SessionEnvironment(
        catalog,
        name -> catalog.models().provider(name),
        name -> catalog.tools().find(name),
        catalog.hooks(),
        reader,
        LogPruner.of(context.getSystem()),
        context.spawn(BusySessions.create(surroundings.random()), "busy"),
        context.spawn(OwnedSessions.create(reader, sessionLimit), "owned"),
        catalog.turns(),
        session,
        surroundings,
        () -> surroundings.newName(5),
        () -> new LogId(surroundings.newName(12)));
  }

  /**
   * Opens a session of the default agent, or finds the one of this name.
   *
   * @throws KanteleException if the session can't be opened; the message says why
   */
  public Session open(String id) {
    return open(new SessionId(id), Optional.empty());
  }

  /**
   * Opens a session of {@code agent}, or finds the one of this name, whatever its agent; otherwise
   * as {@link #open(String)}.
   */
  public Session open(String id, String agent) {
    return open(new SessionId(id), Optional.of(agent));
  }

  private Session open(SessionId id, Optional<String> agent) {
    return Session.open(
        sessions, client, id, agent, Materializer.matFromSystem(system), surroundings);
  }

  /** The way to all sessions. */
  public Sessions sessions() {
    return sessions;
  }

  /** The agents, models and tools of this node. */
  public Catalog catalog() {
    return catalog;
  }

  /** The agents of this node. */
  public Agents agents() {
    return catalog.agents();
  }

  /** The models of this node, as {@code provider/name}. */
  public List<String> models() {
    return catalog.models().list();
  }

  /** The actor system in which everything runs. */
  public ActorSystem<?> system() {
    return system;
  }

  /** The clock that gives events their time. */
  public Clock clock() {
    return surroundings.clock();
  }

  /** How many sessions have a turn that runs, without those that only wait for somebody. */
  public int runningTurns() {
    return catalog.turns().size();
  }

  /**
   * Lets no turn begin from now on: a prompt that would bring one is refused as {@code
   * unavailable}, those that wait stay queued for the next node, and all other commands are taken
   * as before. Completes with how many turns still run: 0 as soon as none does, else the rest when
   * {@code kantele.drain.grace} is over. Close the node then.
   */
  public CompletionStage<Integer> drain() {
    return surroundings.waiting().awaitable(catalog.turns().drain(grace, system));
  }

  /**
   * Stops the node. Turns that run are left for the next node on the same data folder. Waits until
   * all is closed.
   */
  @Override
  public void close() {
    try {
      stop(system, surroundings);
    } finally {
      folder.ifPresent(DataFolder::close);
    }
  }

  private static void stop(ActorSystem<?> system, Surroundings surroundings) {
    try {
      surroundings
          .waiting()
          .awaitable(JournalWrites.stop(system))
          .get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
      system.terminate();
      surroundings
          .waiting()
          .awaitable(DirectStage.of(system.getWhenTerminated()))
          .get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      system.log().warn("The node did not stop within {}", STOP_LIMIT, e);
    } finally {
      system.terminate();
    }
  }
}
