package dev.kantele.docs.bench;

import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.Session;
import dev.kantele.runtime.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Deltas a second through one session to each of its embedded subscribers: one turn after another
 * of a model that says its words as fast as the session takes them. A subscriber that is behind
 * when the stream ends gets the rest with its end; such words do not count. Prints a line for each
 * number of subscribers: words/s to each, the slowest and the fastest turn, the share of the words
 * that came as deltas, words in one event.
 *
 * <p>Arguments: numbers of subscribers (1, 10 and 100). System properties: {@code words} of a turn
 * (200,000), {@code turns} that count (7), {@code warmup} turns before (5).
 */
public final class Fanout {
  /** Runs the load and prints its lines. */
  public static void main(String[] args) {
    int[] numbers =
        args.length == 0
            ? new int[] {1, 10, 100}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    KanteleSettings settings =
        KanteleSettings.load().inMemory().with("kantele.model", "words/flood");
    try (Kantele kantele = Kantele.start(settings)) {
      for (int subscribers : numbers) {
        System.out.println(line(kantele, subscribers));
      }
    }
  }

  private static String line(Kantele kantele, int subscribers) {
    int words = Integer.getInteger("words", 200_000);
    int turns = Integer.getInteger("turns", 7);
    Session session = kantele.open("fanout-" + subscribers);
    for (int i = 0; i < Integer.getInteger("warmup", 5); i++) {
      turn(kantele, session, subscribers, words);
    }
    double[] rates = new double[turns];
    long events = 0;
    long delivered = 0;
    long processor = Machine.processorNanos();
    for (int i = 0; i < turns; i++) {
      long from = System.nanoTime();
      List<WordCount> counts = turn(kantele, session, subscribers, words);
      long got = counts.stream().mapToLong(WordCount::words).sum();
      rates[i] = got * 1e9 / subscribers / (System.nanoTime() - from);
      delivered += got;
      events += counts.stream().mapToLong(WordCount::events).sum();
    }
    processor = Machine.processorNanos() - processor;
    Arrays.sort(rates);
    return String.format(
        Locale.ROOT,
        "fanout %d %.0f %.0f..%.0f | share=%.3f processor=%.0fns/delivery words-in-an-event=%.1f",
        subscribers,
        rates[turns / 2],
        rates[0],
        rates[turns - 1],
        (double) delivered / words / turns / subscribers,
        (double) processor / delivered,
        (double) delivered / events);
  }

  private static List<WordCount> turn(
      Kantele kantele, Session session, int subscribers, int words) {
    Turn turn = session.prompt(Integer.toString(words));
    var counts = new ArrayList<WordCount>();
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (int i = 0; i < subscribers; i++) {
      var count = new WordCount();
      counts.add(count);
      ends.add(turn.events().runForeach(count::accept, kantele.system()).toCompletableFuture());
    }
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
    for (WordCount count : counts) {
      if (!count.isCompleted()) {
        throw new IllegalStateException("a turn did not complete");
      }
    }
    return counts;
  }

  private Fanout() {}
}
