package dev.kantele.docs.bench.loop;

import dev.kantele.docs.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a process has, on Linux.
 *
 * @param heapBytes that are in use after a collection
 * @param descriptors that are open
 * @param registrations of descriptors with {@code epoll}, its own wake-up among them
 */
record OpenThings(long heapBytes, int descriptors, int registrations) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path INFOS = Path.of("/proc/self/fdinfo");
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** What it has when descriptors and registrations have not changed for a while. */
  static OpenThings settled() throws IOException, InterruptedException {
    int descriptors;
    int registrations;
    do {
      descriptors = openDescriptors();
      registrations = watched();
      Thread.sleep(PAUSE);
    } while (descriptors != openDescriptors() || registrations != watched());
    return new OpenThings(Machine.liveHeapBytes(), descriptors, registrations);
  }

  /** What it has when it has as many open as {@code before}, or after {@code limit}. */
  static OpenThings settledAs(OpenThings before, Duration limit)
      throws IOException, InterruptedException {
    long untilNanos = System.nanoTime() + limit.toNanos();
    while ((openDescriptors() != before.descriptors || watched() != before.registrations)
        && System.nanoTime() < untilNanos) {
      Thread.sleep(PAUSE);
    }
    return new OpenThings(Machine.liveHeapBytes(), openDescriptors(), watched());
  }

  private static int openDescriptors() throws IOException {
    return names(DESCRIPTORS).size();
  }

  private static int watched() throws IOException {
    int registrations = 0;
    for (Path info : names(INFOS)) {
      try {
        registrations +=
            (int) Files.readAllLines(info).stream().filter(line -> line.startsWith("tfd:")).count();
      } catch (IOException _) {
        // Closed meanwhile, as is that by which the folder was read.
      }
    }
    return registrations;
  }

  private static List<Path> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
