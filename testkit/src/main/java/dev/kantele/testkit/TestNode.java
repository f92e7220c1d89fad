package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.Session;
import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.journal.MemoryStore;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.sessions.Sessions;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.websocket.WebSocketSettings;
import dev.kantele.runtime.websocket.WebSockets;
import dev.kantele.testkit.transport.Loopback;
import dev.kantele.testkit.world.SimulatedProcess;
import dev.kantele.testkit.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/**
 * A node in a test: whole, with its sessions, its journal in memory and its timers, but on the
 * test's thread and in virtual time. The same seed and the same test give the same run. It takes
 * the configuration of the host, {@code application.conf}, with the scripted model in the place of
 * every agent's.
 *
 * <p>It starts when it is first needed; what a test adds to it comes before that. It can be
 * crashed, as by {@code kill -9}, and started again on what its journal holds; sessions that were
 * opened before are then of the dead node and must be opened again.
 */
public final class TestNode implements AutoCloseable {
  private static final Config KIT =
      ConfigFactory.parseResources("dev/kantele/testkit/testkit.conf").resolve();

  /** The agent of a host that has none. */
  private static final Config AGENT = ConfigFactory.parseString("kantele.agents.assistant {}");

  /** What a node was started with before; to read and resolve all settings takes its time. */
  private static final Map<Choices, KanteleSettings> SETTINGS = new ConcurrentHashMap<>();

  private record Choices(Config own, List<String> tools) {}

  private final World world;
  private final VirtualTime time;
  private final ScriptedModel model = new ScriptedModel();
  private final MemoryStore store = new MemoryStore();
  private final SimulatedProcess outside;
  private final Faults faults;
  private final Map<String, Witness> witnesses = new LinkedHashMap<>();
  private final List<Loopback> connections = new ArrayList<>();
  private Config own = ConfigFactory.empty();
  private KanteleParts parts = KanteleParts.none().with(model);
  private UnaryOperator<Sessions> between = UnaryOperator.identity();
  private int lives;
  private @Nullable SimulatedProcess process;
  private @Nullable Kantele kantele;
  private @Nullable WebSockets webSockets;

  /** A node that is not started yet, whose every choice follows from {@code seed}. */
  public static TestNode of(long seed) {
    return new TestNode(new World(seed));
  }

  private TestNode(World world) {
    this.world = world;
    this.time = new VirtualTime(world);
    this.outside = world.process("test");
    this.faults = new Faults(this, store.faults());
  }

  /** Adds settings, in HOCON, which come before the host's. */
  public TestNode configure(String hocon) {
    requireNotStarted();
    own = ConfigFactory.parseString(hocon).withFallback(own);
    return this;
  }

  /** Sets one key, as in {@code kantele.agent-defaults.limits.tool-calls}. */
  public TestNode set(String key, Object value) {
    requireNotStarted();
    own = own.withValue(key, ConfigValueFactory.fromAnyRef(value, "TestNode.set"));
    return this;
  }

  /** Lets tools run of which somebody would have to be asked. */
  public TestNode allowAllTools() {
    return set("kantele.agent-defaults.approvals.otherwise", "allow");
  }

  /** Adds a tool of the host. */
  public TestNode with(Tool tool) {
    requireNotStarted();
    parts = parts.with(tool);
    return this;
  }

  /** Adds hooks of the host. */
  public TestNode with(Hook... hooks) {
    requireNotStarted();
    parts = parts.with(hooks);
    return this;
  }

  /** Adds a family of models; agents use it only where {@link #configure} says so. */
  public TestNode with(ModelProvider provider) {
    requireNotStarted();
    parts = parts.with(provider);
    return this;
  }

  /**
   * Puts something between the node's transports and its sessions, as what is between two nodes of
   * a cluster may be; {@link #open} goes past it.
   */
  public TestNode through(UnaryOperator<Sessions> way) {
    requireNotStarted();
    between = requireNonNull(way, "way");
    return this;
  }

  /**
   * Adds a tool that records its calls, with a time limit of an hour. All agents have it, beside
   * those that they name.
   */
  public RecordingTool tool(String name, ToolEffect effect) {
    return tool(name, effect, Duration.ofHours(1));
  }

  /** As {@link #tool(String, ToolEffect)}, with a time limit. */
  public RecordingTool tool(String name, ToolEffect effect, Duration timeout) {
    var tool = new RecordingTool(name, effect, timeout);
    with(tool);
    return tool;
  }

  /** Whether a tool of that name was added. */
  boolean hasTool(String name) {
    return parts.tools().stream().anyMatch(tool -> tool.spec().name().equals(name));
  }

  private void requireNotStarted() {
    if (lives > 0) {
      throw new IllegalStateException("the node has been started (expected: before its start)");
    }
  }

  /**
   * The node, started if it was not before.
   *
   * @throws IllegalStateException if it was crashed or stopped, and not started again
   */
  public Kantele kantele() {
    if (lives == 0) {
      restart();
    }
    if (kantele == null) {
      throw new IllegalStateException("the node is down (expected: restart() before this)");
    }
    return kantele;
  }

  /** Opens a session of the default agent, and watches its log from the start. */
  public Session open(String id) {
    return watched(kantele().open(id));
  }

  /** As {@link #open(String)}, of {@code agent}. */
  public Session open(String id, String agent) {
    return watched(kantele().open(id, agent));
  }

  private Session watched(Session session) {
    String id = session.id().value();
    Witness witness = witnesses.get(id);
    if (witness == null || !witness.log().equals(session.log())) {
      witness = new Witness(session.id(), session.log());
      witnesses.put(id, witness);
      witness.follow(kantele().sessions());
    }
    return session;
  }

  /**
   * All events of a session that was opened here, as a subscriber saw them who never left. What a
   * session says after a crash it gets after the restart.
   *
   * @throws IllegalArgumentException if no such session was opened by {@link #open}
   */
  public List<Event> log(String id) {
    world.runUntilIdle();
    return witness(id).events();
  }

  /** As {@link #log}, as far as it is seen now; nothing is run. */
  public List<Event> seen(String id) {
    return witness(id).events();
  }

  private Witness witness(String id) {
    Witness witness = witnesses.get(id);
    if (witness == null) {
      throw new IllegalArgumentException(
          "session: " + id + " (expected: one of " + witnesses.keySet() + ")");
    }
    return witness;
  }

  /** What the logs of all sessions violate of the rules in {@code docs/protocol.md}. */
  public List<String> violations() {
    return witnesses.entrySet().stream()
        .flatMap(
            entry -> entry.getValue().violations().stream().map(one -> entry.getKey() + ": " + one))
        .toList();
  }

  /** Ends the node at once, as {@code kill -9} does; nothing if it is down. */
  public void crash() {
    if (process != null) {
      process.kill();
      process = null;
      kantele = null;
      webSockets = null;
      List.copyOf(connections).forEach(Loopback::end);
      connections.clear();
    }
  }

  /** Ends the node at once, and starts it again {@code downtime} later. */
  public void crash(Duration downtime) {
    crash();
    outside.schedule(downtime, this::restart);
  }

  /** Stops the node as its host does. */
  public void stop() {
    kantele().close();
    crash();
  }

  /** Starts the node on what its journal holds; nothing if it runs. */
  public void restart() {
    if (kantele != null) {
      return;
    }
    lives++;
    SimulatedProcess next = world.process("node-" + lives);
    process = next;
    Kantele started =
        next.make(
            () ->
                Kantele.start(
                    settings(),
                    parts.in(next.surroundings(ActorSystemSetup.create(store.setup())))));
    if (!next.isAlive()) {
      return;
    }
    kantele = started;
    witnesses.values().forEach(witness -> witness.follow(started.sessions()));
    webSockets = webSockets(started);
  }

  /**
   * Opens a WebSocket to the node, without a socket: its bytes go through the node's own transport.
   * Nothing is said on it yet; {@link Loopback#hello} comes first. It ends with the node.
   */
  public Loopback connect() {
    Kantele running = kantele();
    WebSockets ends = requireNonNull(webSockets, "the node is down");
    Loopback connection =
        process()
            .make(
                () ->
                    new Loopback(
                        outside,
                        ends.connection(InetAddress.getLoopbackAddress(), Optional.empty()),
                        Materializer.matFromSystem(running.system())));
    connections.add(connection);
    return connection;
  }

  private WebSockets webSockets(Kantele kantele) {
    Config settings = kantele.system().settings().config().getConfig("kantele");
    SecuritySettings security = SecuritySettings.from(settings);
    return WebSockets.of(
        new NodeServices(
            between.apply(kantele.sessions()),
            security.authenticator(kantele.clock()).orElseGet(Authenticator::loopback),
            List::of,
            List::of,
            new Quotas(security.limits()),
            kantele.agents().defaultAgent().limits().queuedTurns()),
        WebSocketSettings.from(settings),
        kantele.clock());
  }

  private KanteleSettings settings() {
    List<String> tools = parts.tools().stream().map(tool -> tool.spec().name()).toList();
    return SETTINGS.computeIfAbsent(new Choices(own, tools), TestNode::settings);
  }

  private static KanteleSettings settings(Choices choices) {
    Config given = choices.own();
    boolean hasAgents = !KanteleSettings.from(given).config().getObject("kantele.agents").isEmpty();
    Config own = hasAgents ? given : given.withFallback(AGENT);
    Config host = KanteleSettings.from(KIT.withFallback(own)).config();
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("kantele.model", ScriptedModel.REFERENCE);
    chosen.put("kantele.agent-defaults.model", ScriptedModel.REFERENCE);
    chosen.put(
        "kantele.agent-defaults.tools", and(host, "kantele.agent-defaults.tools", choices.tools()));
    for (String agent : host.getObject("kantele.agents").keySet()) {
      String key = ConfigUtil.joinPath("kantele", "agents", agent);
      chosen.put(key + ".model", ScriptedModel.REFERENCE);
      if (host.hasPath(key + ".tools")) {
        chosen.put(key + ".tools", and(host, key + ".tools", choices.tools()));
      }
    }
    Config models = ConfigFactory.empty();
    for (Map.Entry<String, Object> one : chosen.entrySet()) {
      if (one.getKey().endsWith(".tools") || !own.hasPath(one.getKey())) {
        models =
            models.withValue(
                one.getKey(), ConfigValueFactory.fromAnyRef(one.getValue(), "TestNode"));
      }
    }
    return KanteleSettings.from(KIT.withFallback(models).withFallback(own));
  }

  private static List<String> and(Config host, String key, List<String> tools) {
    return Stream.concat(host.getStringList(key).stream(), tools.stream()).distinct().toList();
  }

  /** The model of all agents. */
  public ScriptedModel model() {
    return model;
  }

  /** The time of the node. */
  public VirtualTime time() {
    return time;
  }

  /** What can be made to go wrong. */
  public Faults faults() {
    return faults;
  }

  /** The queue and the clock on which everything runs. */
  public World world() {
    return world;
  }

  /** What runs outside of the node, and survives it: the test's own clients and timers. */
  public SimulatedProcess outside() {
    return outside;
  }

  /** Whether the node runs. */
  public boolean isUp() {
    return kantele != null;
  }

  /** The process of the node, if it runs. */
  SimulatedProcess process() {
    return requireNonNull(process, "the node is down");
  }

  /** Drops the node, as it is. */
  @Override
  public void close() {
    crash();
    outside.kill();
  }
}
