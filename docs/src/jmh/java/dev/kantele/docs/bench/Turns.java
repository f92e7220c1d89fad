package dev.kantele.docs.bench;

import dev.kantele.protocol.Command;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Agent turns a second, embedded: one thread a session does turns back to back, each of two model
 * calls of 50 deltas and one tool call, and every delta reaches the consumer. Prints one line:
 * name, version, sessions, turns/s, deltas/s, the slowest and the fastest window, memory.
 *
 * <p>Arguments: {@code memory} or {@code sqlite}, and the number of sessions. System properties:
 * {@code warmup} (seconds, 15), {@code seconds} of a window (10), {@code windows} (3).
 */
public final class Turns {
  private static final int TURNS_OF_A_SESSION = 10;

  private final Kantele kantele;
  private final ProductTool tool;
  private final LongAdder turns = new LongAdder();
  private final LongAdder deltas = new LongAdder();
  private final ConcurrentHistogram latencies = new ConcurrentHistogram(3);

  /** Written once, by the main thread. */
  private volatile boolean measuring;

  private volatile boolean stopped;

  private Turns(Kantele kantele, ProductTool tool) {
    this.kantele = kantele;
    this.tool = tool;
  }

  /** Runs the load and prints the line. */
  public static void main(String[] args) throws Exception {
    String journal = args[0];
    int sessions = Integer.parseInt(args[1]);
    Path data = Files.createTempDirectory("kantele-turns");
    KanteleSettings settings =
        KanteleSettings.load()
            .with("kantele.model", "words/turn")
            .with("kantele.agents.assistant.tools", List.of("product"));
    settings =
        switch (journal) {
          case "memory" -> settings.inMemory();
          case "sqlite" -> settings.data(data);
          default ->
              throw new IllegalArgumentException(
                  "journal: " + journal + " (expected: memory or sqlite)");
        };
    var tool = new ProductTool();
    var parts = KanteleParts.none().with(tool);
    try (Kantele kantele = Kantele.start(settings, parts)) {
      System.out.println(new Turns(kantele, tool).run(journal, sessions));
    } finally {
      Machine.deleteAll(data);
    }
  }

  private String run(String journal, int sessions) throws InterruptedException, IOException {
    int windows = Integer.getInteger("windows", 3);
    long seconds = Long.getLong("seconds", 10);
    Thread[] threads = new Thread[sessions];
    for (int i = 0; i < sessions; i++) {
      int number = i;
      threads[i] = Thread.ofPlatform().start(() -> turnsOf(number));
    }
    TimeUnit.SECONDS.sleep(Long.getLong("warmup", 15));
    measuring = true;
    double[] rates = new double[windows];
    long deltasBefore = deltas.sum();
    long turnsBefore = turns.sum();
    long begun = System.nanoTime();
    long processorBefore = Machine.processorNanos();
    for (int window = 0; window < windows; window++) {
      long before = turns.sum();
      long from = System.nanoTime();
      TimeUnit.SECONDS.sleep(seconds);
      rates[window] = (turns.sum() - before) * 1e9 / (System.nanoTime() - from);
    }
    double deltaRate = (deltas.sum() - deltasBefore) * 1e9 / (System.nanoTime() - begun);
    double microsPerTurn =
        (Machine.processorNanos() - processorBefore) / 1e3 / (turns.sum() - turnsBefore);
    measuring = false;
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    if (tool.calls() != turns.sum()) {
      throw new IllegalStateException("tool calls: " + tool.calls() + ", turns: " + turns.sum());
    }
    Arrays.sort(rates);
    return String.format(
        Locale.ROOT,
        "kantele-%s %s %d %.0f %.0f %.0f..%.0f rss=%dMB | processor=%.0fus/turn java=%s p50=%.3fms p99=%.3fms",
        journal,
        version(),
        sessions,
        (rates[(windows - 1) / 2] + rates[windows / 2]) / 2,
        deltaRate,
        rates[0],
        rates[windows - 1],
        Machine.residentBytes() >> 20,
        microsPerTurn,
        Runtime.version(),
        latencies.getValueAtPercentile(50) / 1e6,
        latencies.getValueAtPercentile(99) / 1e6);
  }

  private void turnsOf(int number) {
    for (int generation = 0; !stopped; generation++) {
      Session session = kantele.open("bench-" + number + "-" + generation);
      for (int turn = 0; turn < TURNS_OF_A_SESSION && !stopped; turn++) {
        long from = System.nanoTime();
        turn(session);
        if (measuring) {
          latencies.recordValue(System.nanoTime() - from);
        }
      }
      /* As every peer forgets its history after as many turns. */
      session
          .submit(new Command.SessionDelete(Session.newCommand(), session.id(), Optional.empty()))
          .toCompletableFuture()
          .join();
    }
  }

  private void turn(Session session) {
    var consumer = new WordCount();
    session
        .prompt("What is 12 * 7?")
        .events()
        .runForeach(consumer::accept, kantele.system())
        .toCompletableFuture()
        .join();
    if (consumer.words() != 2 * WordsProvider.TURN_WORDS || !consumer.isCompleted()) {
      throw new IllegalStateException(
          "deltas: " + consumer.words() + ", completed: " + consumer.isCompleted());
    }
    turns.increment();
    deltas.add(consumer.words());
  }

  private static String version() {
    String version = Kantele.class.getPackage().getImplementationVersion();
    return version == null ? "checkout" : version;
  }
}
