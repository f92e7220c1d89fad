package dev.kantele.docs.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** What the load programs read off the process and the file system. */
public final class Machine {
  /** What the process took of all processors; other processes shake it less than they do a rate. */
  static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** The process's resident memory; 0 where the system does not say. */
  static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }

  /** The heap that is in use after a collection. */
  public static long liveHeapBytes() throws InterruptedException {
    long bytes = Long.MAX_VALUE;
    /* What a first collection makes unreachable (cleaners, soft references) goes with a later one. */
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(100);
      Runtime runtime = Runtime.getRuntime();
      bytes = Math.min(bytes, runtime.totalMemory() - runtime.freeMemory());
    }
    return bytes;
  }

  static void deleteAll(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Machine() {}
}
