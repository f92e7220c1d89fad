package dev.kantele.docs.bench;

import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a session with ten thousand durable events takes to come back from the journal, with
 * snapshots and without: the time of {@code Kantele.open} on a node that has just started. Prints a
 * line for each: durable events, the median in milliseconds, the fastest and the slowest.
 *
 * <p>System properties: {@code events} (10,000), {@code starts} (9; the first two do not count).
 */
public final class RecoveryTime {
  /** Rows of one turn of {@code words/turn} that are events. */
  private static final int EVENTS_OF_A_TURN = 10;

  /** Runs the load and prints its lines. */
  public static void main(String[] args) throws Exception {
    System.out.println(line("with-snapshots", 500));
    System.out.println(line("without-snapshots", 1_000_000));
  }

  private static String line(String name, int snapshotEvery) throws Exception {
    int events = Integer.getInteger("events", 10_000);
    int starts = Integer.getInteger("starts", 9);
    int uncounted = 2;
    Path data = Files.createTempDirectory("kantele-recovery");
    KanteleSettings settings =
        KanteleSettings.load()
            .data(data)
            .with("kantele.model", "words/turn")
            .with("kantele.session.snapshot-every", snapshotEvery)
            .with("kantele.session.keep-rows", 1_000_000)
            .with("kantele.agents.assistant.tools", List.of("product"));
    try {
      long rows;
      try (Kantele kantele = start(settings)) {
        Session session = kantele.open("long");
        for (int i = 0; i < events / EVENTS_OF_A_TURN; i++) {
          session.prompt("What is 12 * 7?").result().toCompletableFuture().join();
        }
        rows = (long) events / EVENTS_OF_A_TURN * EVENTS_OF_A_TURN;
      }
      double[] millis = new double[starts - uncounted];
      for (int i = 0; i < starts; i++) {
        try (Kantele kantele = start(settings)) {
          kantele.open("other-" + i);
          long from = System.nanoTime();
          Session session = kantele.open("long");
          double took = (System.nanoTime() - from) / 1e6;
          if (session.isNew()) {
            throw new IllegalStateException("the session was not recovered");
          }
          if (i >= uncounted) {
            millis[i - uncounted] = took;
          }
        }
      }
      Arrays.sort(millis);
      return String.format(
          Locale.ROOT,
          "recovery %s %d %.1fms %.1f..%.1f",
          name,
          rows,
          millis[millis.length / 2],
          millis[0],
          millis[millis.length - 1]);
    } finally {
      Machine.deleteAll(data);
    }
  }

  private static Kantele start(KanteleSettings settings) {
    return Kantele.start(settings, KanteleParts.none().with(new ProductTool()));
  }

  private RecoveryTime() {}
}
