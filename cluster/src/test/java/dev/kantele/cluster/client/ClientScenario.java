package dev.kantele.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.client.ClientSession;
import dev.kantele.protocol.client.ClientSettings;
import dev.kantele.protocol.client.ClientTurn;
import dev.kantele.protocol.client.CommandRefusedException;
import dev.kantele.protocol.client.ConnectionChange;
import dev.kantele.protocol.client.ConnectionEndedException;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import dev.kantele.protocol.client.KanteleClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client and the ways in which a real node ends its connection, its patience, and its own end.
 */
@Timeout(180)
class ClientScenario {
  private static final int FLOOD_EVENTS = 8_000;
  private static final int FLOOD_BYTES = 512;

  @TempDir private Path folder;
  private final BlockingQueue<ConnectionChange> changes = new LinkedBlockingQueue<>();

  private Path config() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("flood.yaml"),
            """
            - when: {text: "flood"}
              reply: {flood: {deltas: %d, bytes: %d}}
            - when: {text: "wait"}
              reply:
                - say: "I begin"
                - pause: 3s
                - say: " and end."
            - say: "Yes."
            """
                .formatted(FLOOD_EVENTS, FLOOD_BYTES));
    return Files.writeString(
        folder.resolve("node.conf"),
        """
        kantele {
          models.scripted.scripts.flood = "%s"
          default-agent = talker
          agents.talker.model = scripted/flood
        }
        """
            .formatted(script.toString().replace("\\", "\\\\")));
  }

  private NodeProcess serve(int port) throws IOException {
    return NodeProcess.serve(folder.resolve("data"), port, "--config", config().toString());
  }

  private ClientSettings settings(String url) {
    return ClientSettings.of(url)
        .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
        .limits(Duration.ofSeconds(10), Duration.ofMinutes(2))
        .onChange(changes::add);
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.orTimeout(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void awaitLost() throws InterruptedException {
    ConnectionChange change;
    do {
      change = changes.poll(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(change).as("a loss").isNotNull();
    } while (!(change instanceof ConnectionChange.Lost));
  }

  /** All events, as many as it is told to ask for. */
  private static final class Slow implements Flow.Subscriber<Event> {
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<Event> end = new CompletableFuture<>();
    private final CountDownLatch attached = new CountDownLatch(1);
    private final CountDownLatch first;
    private final List<Event> events = new ArrayList<>();

    Slow(int first) {
      this.first = new CountDownLatch(first);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      given.request(first.getCount());
      subscription.complete(given);
    }

    @Override
    public void onNext(Event event) {
      events.add(event);
      attached.countDown();
      first.countDown();
      if (event.body() instanceof EventBody.TurnCompleted) {
        end.complete(event);
      }
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      end.completeExceptionally(new IllegalStateException("the session was closed"));
    }
  }

  @Test
  void a_subscriber_without_demand_stops_the_flow_at_the_node() throws Exception {
    try (NodeProcess node = serve(0);
        var proxy = new CuttingProxy(node.url(), new Random(1), 1, /* cuts= */ 0);
        KanteleClient talker = KanteleClient.connect(settings(node.url()));
        KanteleClient listener = KanteleClient.connect(settings(proxy.url()).eventWindow(8))) {
      ClientSession session = talker.open("s");
      var slow = new Slow(4);
      listener.events(session.id(), Optional.empty(), 0).subscribe(slow);
      // Who comes when the turn is over gets its whole text as one event.
      assertThat(slow.attached.await(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

      assertThat(join(session.prompt("flood").result()).isCompleted()).isTrue();
      assertThat(slow.first.await(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(slow.end).isNotDone();
      assertThat(proxy.bytes()).isLessThan((long) FLOOD_EVENTS * FLOOD_BYTES / 4);

      slow.subscription.join().request(Long.MAX_VALUE);
      assertThat(join(slow.end).body()).isInstanceOf(EventBody.TurnCompleted.class);
    }
  }

  @Test
  void a_node_that_drains_is_followed_by_the_next_and_the_turn_has_its_result() throws Exception {
    NodeProcess first = serve(0);
    try (first;
        KanteleClient client = KanteleClient.connect(settings(first.url()))) {
      int port = first.port();
      ClientTurn turn = client.open("s").prompt("wait");
      CompletableFuture<?> result = turn.result();
      join(turn.accepted());
      CompletableFuture<NodeProcess.Exit> stopped = CompletableFuture.supplyAsync(first::stop);
      awaitLost();
      assertThat(stopped.join().code()).isZero();

      try (NodeProcess _ = serve(port)) {
        assertThat(join(result)).isEqualTo(join(turn.result()));
        assertThat(join(turn.result()).isCompleted()).isTrue();
        assertThat(join(turn.result()).text()).isEqualTo("I begin and end.");
      }
    }
  }

  @Test
  void a_client_whose_name_another_took_does_not_take_it_back() throws Exception {
    try (NodeProcess node = serve(0);
        KanteleClient older = KanteleClient.connect(settings(node.url()).client("twin"))) {
      var slow = new Slow(1);
      older.open("s").events(0).subscribe(slow);
      assertThat(slow.first.await(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

      try (KanteleClient newer = KanteleClient.connect(settings(node.url()).client("twin"))) {
        assertThatThrownBy(() -> join(slow.end))
            .isInstanceOf(ConnectionEndedException.class)
            .hasMessageEndingWith("another connection took this client's name")
            .extracting("reason")
            .isEqualTo(Reason.CLOSED_BY_NODE);
        assertThatThrownBy(() -> older.open("s")).isInstanceOf(ConnectionEndedException.class);
        assertThat(join(newer.open("s").prompt("Hi").result()).text()).isEqualTo("Yes.");
      }
      assertThat(changes).noneMatch(change -> change instanceof ConnectionChange.Lost);
    }
  }

  @Test
  void a_token_that_is_refused_is_not_tried_again() throws Exception {
    List<String> old = NodeProcess.run("token", "ann").out().lines().toList();
    List<String> other = NodeProcess.run("token", "ann").out().lines().toList();
    var token = new Secret(old.getFirst());
    try (NodeProcess first = withTokens(0, old.getLast());
        KanteleClient client = KanteleClient.connect(settings(first.url()).token(token))) {
      int port = first.port();
      ClientSession session = client.open("s");
      CompletableFuture<AckBody.Status> known = session.status();
      assertThat(join(known).lastSeq()).isPositive();
      first.kill();
      awaitLost();
      CompletableFuture<AckBody.Status> waiting = session.status();

      try (NodeProcess _ = withTokens(port, other.getLast())) {
        assertThatThrownBy(() -> join(waiting))
            .isInstanceOf(CommandRefusedException.class)
            .hasMessageNotContaining(old.getFirst())
            .extracting("code")
            .isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThatThrownBy(() -> join(session.status()))
            .isInstanceOf(CommandRefusedException.class);
      }
    }
  }

  private NodeProcess withTokens(int port, String line) throws IOException {
    NodeProcess node =
        NodeProcess.start(
            new NodeProcess.Launch(
                List.of(
                    "serve",
                    "--port",
                    Integer.toString(port),
                    "--data",
                    folder.resolve("data").toString(),
                    "--config",
                    config().toString()),
                Map.of("KANTELE_TOKENS", line),
                ""));
    node.awaitLine(text -> text.startsWith("Kantele is ready on "));
    return node;
  }

  @Test
  void a_client_that_is_closed_leaves_no_thread() throws Exception {
    try (NodeProcess node = serve(0)) {
      Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
      Set<Thread> during;
      try (KanteleClient client = KanteleClient.connect(settings(node.url()))) {
        assertThat(join(client.open("s").prompt("Hi").result()).text()).isEqualTo("Yes.");
        during = new HashSet<>(Thread.getAllStackTraces().keySet());
      }
      during.removeAll(before);
      during.removeIf(thread -> !isOfAClient(thread));
      assertThat(during).isNotEmpty();
      for (Thread thread : during) {
        assertThat(thread.join(Duration.ofSeconds(20))).as(thread.getName()).isTrue();
      }
    }
  }

  /** The JDK's own, such as those that carry virtual threads, stay. */
  private static boolean isOfAClient(Thread thread) {
    return thread.getName().startsWith("HttpClient-")
        || thread.getName().startsWith("kantele-client");
  }
}
