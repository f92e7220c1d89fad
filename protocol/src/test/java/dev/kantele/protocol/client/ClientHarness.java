package dev.kantele.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A client of a {@link FakeNode}, with timers that go off when the test says so. */
final class ClientHarness implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final Duration MIN = Duration.ofMillis(100);
  static final Duration MAX = Duration.ofSeconds(1);
  static final Duration CONNECT_LIMIT = Duration.ofSeconds(7);
  static final Duration RECONNECT_LIMIT = Duration.ofMinutes(1);

  /** Waits the whole of every pause. */
  static final RandomGenerator NO_JITTER = () -> 0;

  final FakeNode node;
  final ManualTimers timers = new ManualTimers();
  final BlockingQueue<ConnectionChange> changes = new LinkedBlockingQueue<>();

  /** What nobody in the client wanted. */
  final BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();

  private CompletableFuture<KanteleClient> client = new CompletableFuture<>();

  ClientHarness() throws IOException {
    node = new FakeNode();
  }

  ClientSettings settings() {
    return ClientSettings.of(node.url())
        .client("me")
        .backoff(MIN, MAX)
        .limits(CONNECT_LIMIT, RECONNECT_LIMIT)
        .onChange(changes::add);
  }

  KanteleClient connect() {
    return connect(settings());
  }

  KanteleClient connect(ClientSettings settings) {
    return join(connectAsync(settings));
  }

  CompletableFuture<KanteleClient> connectAsync(ClientSettings settings) {
    var parts =
        new ClientParts(
            new JdkDialer(NodeAddress.parse(settings.url()), CONNECT_LIMIT),
            timers,
            NO_JITTER,
            this::start);
    client = KanteleClient.connectAsync(settings, parts);
    return client;
  }

  private void start(Runnable task) {
    Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> uncaught.add(e)).start(task);
  }

  static <T> T join(CompletableFuture<T> future) {
    try {
      return future.orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ClientException cause) {
        throw cause;
      }
      throw e;
    }
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T element = queue.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(element).as("what should have come by now").isNotNull();
    return element;
  }

  /** Ends the pause before the next connection. */
  void endPause(Duration pause) throws InterruptedException {
    timers.fire(pause);
  }

  @Override
  public void close() throws IOException {
    if (client.isDone() && !client.isCompletedExceptionally()) {
      client.join().close();
    }
    node.close();
    assertThat(node.failures()).isEmpty();
  }
}
