package dev.kantele.docs.bench.loop;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.http.WebSocketPort;
import dev.kantele.runtime.poller.LoopSnapshot;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Timer;
import dev.kantele.runtime.poller.dispatcher.PollerLoops;
import dev.kantele.runtime.transport.ConnectOptions;
import dev.kantele.runtime.transport.ListenOptions;
import dev.kantele.runtime.transport.NativeTcp;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.handshake.ClientRequest;
import dev.kantele.runtime.websocket.stage.StageSettings;
import dev.kantele.runtime.websocket.stage.WebSocketFlow;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * WebSockets that echo, others that come and go, and timers that are called off by another thread,
 * all on the poll loops of one process, in rounds. After each round nothing of it may be left: live
 * heap, open descriptors and what the loops watch are compared with those after the first round,
 * which warms up. Prints a line a round, and {@code ok} or what was wrong, with exit code 1.
 *
 * <p>Arguments: seconds for all rounds (180), connections that come and go at least (0).
 */
public final class Soak {
  private static final int ROUNDS = 6;
  private static final int ECHOING = 16;
  private static final int COMING = 8;
  private static final int TIMERS = 1_000;

  /**
   * Ports are used again only after a while, so the load spreads over addresses of this machine.
   */
  private static final int ADDRESSES = 64;

  private static final double HEAP_GROWTH = 1.1;
  private static final long HEAP_SLACK_BYTES = 2L << 20;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Frames MESSAGE = Frames.text("x".repeat(100));

  private final NativeTcp transport;
  private final PollerLoops loops;
  private final Materializer materializer;
  private final int port;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong echoes = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong timersRun = new AtomicLong();
  private volatile boolean over;

  private Soak(NativeTcp transport, PollerLoops loops, Materializer materializer, int port) {
    this.transport = transport;
    this.loops = loops;
    this.materializer = materializer;
    this.port = port;
  }

  /** Runs the rounds. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 180;
    long least = args.length > 1 ? Long.parseLong(args[1]) : 0;
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "soak", ConfigFactory.load());
    List<String> wrong = new ArrayList<>();
    try {
      NativeTcp transport = NativeTcp.of(system);
      Materializer materializer = Materializer.matFromSystem(system);
      var address =
          (InetSocketAddress)
              WebSocketPort.open(
                      transport,
                      new InetSocketAddress("0.0.0.0", 0),
                      new ListenOptions(1_024, 100_000, false, 0, LIMIT),
                      StageSettings.of(1 << 16),
                      Optional.empty(),
                      Flow::create,
                      materializer)
                  .toCompletableFuture()
                  .join()
                  .address();
      new Soak(transport, PollerLoops.of(system), materializer, address.getPort())
          .run(TimeUnit.SECONDS.toNanos(seconds) / ROUNDS, least / ROUNDS, wrong);
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
    System.out.println(wrong.isEmpty() ? "ok" : String.join("\n", wrong));
    System.exit(wrong.isEmpty() ? 0 : 1);
  }

  private void run(long roundNanos, long least, List<String> wrong) throws Exception {
    OpenThings first = null;
    for (int round = 1; round <= ROUNDS; round++) {
      round(roundNanos, connections.get() + least);
      OpenThings left = first == null ? OpenThings.settled() : OpenThings.settledAs(first, LIMIT);
      System.out.printf(
          Locale.ROOT,
          "round %d: %,d echoes, %,d connections, %,d timers; left: %.1f MiB, %d descriptors, %d"
              + " registrations%n",
          round,
          echoes.get(),
          connections.get(),
          timersRun.get(),
          left.heapBytes() / 1048576.0,
          left.descriptors(),
          left.registrations());
      if (first == null) {
        first = left;
      } else {
        compare(round, first, left, wrong);
      }
    }
    long lost = snapshots().stream().mapToLong(LoopSnapshot::wakeupsByCapWithWork).sum();
    long faults = snapshots().stream().mapToLong(LoopSnapshot::faults).sum();
    expect("wakeupsByCapWithWork", lost, 0, wrong);
    expect("faults", faults, 0, wrong);
    expect("connections that failed", failures.get(), 0, wrong);
  }

  private static void compare(int round, OpenThings first, OpenThings left, List<String> wrong) {
    String after = "after round " + round + ", ";
    expect(after + "descriptors", left.descriptors(), first.descriptors(), wrong);
    expect(after + "registrations", left.registrations(), first.registrations(), wrong);
    long most = (long) (first.heapBytes() * HEAP_GROWTH) + HEAP_SLACK_BYTES;
    if (left.heapBytes() > most) {
      wrong.add(after + "heap: " + left.heapBytes() + " bytes (expected: at most " + most + ")");
    }
  }

  private static void expect(String what, long value, long expected, List<String> wrong) {
    if (value != expected) {
      wrong.add(what + ": " + value + " (expected: " + expected + ")");
    }
  }

  private List<LoopSnapshot> snapshots() {
    return loops.loops().stream().map(loop -> loop.metrics().snapshot()).toList();
  }

  /** Ends when both the time is over and enough have come and gone. */
  private void round(long nanos, long connectionsUntil) throws Exception {
    over = false;
    long untilNanos = System.nanoTime() + nanos;
    List<CompletableFuture<?>> running = new ArrayList<>();
    for (int i = 0; i < ECHOING; i++) {
      running.add(echoing().toCompletableFuture());
    }
    for (int i = 0; i < COMING; i++) {
      running.add(coming().toCompletableFuture());
    }
    List<Timer> timers = new ArrayList<>();
    for (PollerLoop loop : loops.loops()) {
      for (int i = 0; i < TIMERS; i++) {
        timers.add(loop.timer(this::timerRan));
      }
    }
    var delays = new SplittableRandom(42);
    while (System.nanoTime() < untilNanos || connections.get() < connectionsUntil) {
      for (int i = 0; i < TIMERS / 10; i++) {
        Timer timer = timers.get(delays.nextInt(timers.size()));
        boolean _ = timer.cancel();
        timer.scheduleNanos(delays.nextLong(TimeUnit.MILLISECONDS.toNanos(50)));
      }
      Thread.sleep(1);
    }
    over = true;
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    timers.forEach(
        timer -> {
          boolean _ = timer.cancel();
        });
  }

  private void timerRan(Timer timer) {
    timersRun.incrementAndGet();
    if (!over) {
      timer.scheduleNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** A WebSocket on which one message goes round and round. */
  private CompletionStage<?> echoing() {
    return client(0)
        .joinMat(
            Flow.<Frames>create()
                .takeWhile(_ -> !over)
                .wireTap(_ -> echoes.incrementAndGet())
                .prepend(Source.single(MESSAGE))
                .watchTermination(Keep.right()),
            Keep.right())
        .addAttributes(transport.home())
        .run(materializer)
        .handle((_, _) -> Done.getInstance());
  }

  /** WebSockets one after the other, each for one message. */
  private CompletionStage<Done> coming() {
    long number = connections.incrementAndGet();
    return Source.single(MESSAGE)
        .via(client((int) (number % ADDRESSES)))
        .toMat(Sink.fold(0, (count, frames) -> count + frames.count()), Keep.right())
        .addAttributes(transport.home())
        .run(materializer)
        .handle(
            (count, failure) -> {
              if (failure != null || count != 1) {
                failures.incrementAndGet();
              }
              return count;
            })
        .thenComposeAsync(
            _ -> over ? CompletableFuture.completedFuture(Done.getInstance()) : coming());
  }

  private Flow<Frames, Frames, ?> client(int address) {
    var remote = new InetSocketAddress("127.0.0." + (address + 1), port);
    return WebSocketFlow.connect(
        transport.connect(remote, new ConnectOptions(LIMIT, false, 0, LIMIT)),
        StageSettings.of(1 << 16),
        ClientRequest.of("127.0.0.1", "/"),
        random);
  }
}
