package dev.kantele.docs.bench;

import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The heap that a session takes after ten turns: idle, with its window released, and passivated.
 * Prints one line: sessions, bytes for each of the two.
 *
 * <p>Argument: sessions (2000). The journal is a file, so that it is not in the figure.
 */
public final class IdleHeap {
  private static final int TURNS = 10;
  private static final long RELEASE_SECONDS = 1;

  /** Long enough for all sessions to have had their turns before the first one sleeps. */
  private static final long PASSIVATE_SECONDS = Long.getLong("passivate", 60);

  /** Runs the load and prints the line. */
  public static void main(String[] args) throws Exception {
    int sessions = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
    Path data = Files.createTempDirectory("kantele-heap");
    KanteleSettings settings =
        KanteleSettings.load()
            .data(data)
            .with("kantele.model", "words/turn")
            .with("kantele.agents.assistant.tools", List.of("product"))
            .with("kantele.session.release-after", RELEASE_SECONDS + "s")
            .with("kantele.session.passivate-after", PASSIVATE_SECONDS + "s");
    try (Kantele kantele = Kantele.start(settings, KanteleParts.none().with(new ProductTool()))) {
      /* What a node has of its own, once everything has been used. */
      turns(kantele, "first", 100);
      TimeUnit.SECONDS.sleep(PASSIVATE_SECONDS + 3 * RELEASE_SECONDS);
      long none = Machine.liveHeapBytes();
      long from = System.nanoTime();
      turns(kantele, "idle", sessions);
      long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from);
      if (took >= PASSIVATE_SECONDS - 5) {
        throw new IllegalStateException(
            "the turns took "
                + took
                + " s (expected: less than passivate, "
                + PASSIVATE_SECONDS
                + ")");
      }
      TimeUnit.SECONDS.sleep(3 * RELEASE_SECONDS);
      long idle = Machine.liveHeapBytes();
      TimeUnit.SECONDS.sleep(PASSIVATE_SECONDS + 3 * RELEASE_SECONDS);
      long passivated = Machine.liveHeapBytes();
      System.out.printf(
          Locale.ROOT,
          "heap %d idle=%dB passivated=%dB | node=%dMB%n",
          sessions,
          (idle - none) / sessions,
          (passivated - none) / sessions,
          none >> 20);
    } finally {
      Machine.deleteAll(data);
    }
  }

  private static void turns(Kantele kantele, String name, int sessions) {
    int lanes = 32;
    CompletableFuture<?>[] ends = new CompletableFuture<?>[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      int first = lane;
      ends[lane] =
          CompletableFuture.runAsync(
              () -> {
                for (int i = first; i < sessions; i += lanes) {
                  Session session = kantele.open(name + "-" + i);
                  for (int turn = 0; turn < TURNS; turn++) {
                    session.prompt("What is 12 * 7?").result().toCompletableFuture().join();
                  }
                }
              },
              task -> Thread.ofVirtual().start(task));
    }
    CompletableFuture.allOf(ends).join();
  }

  private IdleHeap() {}
}
