package dev.kantele.cluster.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the process has of its machine.
 *
 * @param java the version's feature number, as in 25
 * @param openFiles how many files and sockets it may have open; absent where the system does not
 *     say
 * @param maxHeapBytes how large its heap may become
 */
public record Machine(int java, OptionalLong openFiles, long maxHeapBytes) {
  private static final int OLDEST_JAVA = 25;
  private static final long ENOUGH_FILES = 4_096;
  private static final long ENOUGH_HEAP = 256L << 20;
  private static final long MEBIBYTE = 1L << 20;

  /** This process's. */
  public static Machine here() {
    OptionalLong openFiles =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? OptionalLong.of(unix.getMaxFileDescriptorCount())
            : OptionalLong.empty();
    return new Machine(Runtime.version().feature(), openFiles, Runtime.getRuntime().maxMemory());
  }

  List<Finding> findings() {
    return List.of(javaFinding(), files(), memory());
  }

  private Finding javaFinding() {
    return java >= OLDEST_JAVA
        ? Finding.ok("java", "Java " + java)
        : Finding.fail(
            "java", "Java %d; set JAVA_HOME to a JDK %d or newer".formatted(java, OLDEST_JAVA));
  }

  private Finding files() {
    if (openFiles.isEmpty()) {
      return Finding.ok("open files", "this system sets no limit to the process that it tells of");
    }
    long most = openFiles.getAsLong();
    return most >= ENOUGH_FILES
        ? Finding.ok("open files", most + " at a time")
        : Finding.warn(
            "open files",
            "%d at a time, and each connection takes one; raise it with ulimit -n %d, or LimitNOFILE of systemd"
                .formatted(most, 16 * ENOUGH_FILES));
  }

  private Finding memory() {
    String heap = "the heap may have " + maxHeapBytes / MEBIBYTE + " MiB";
    return maxHeapBytes >= ENOUGH_HEAP
        ? Finding.ok("memory", heap)
        : Finding.warn("memory", heap + "; give the process more with KANTELE_JAVA_OPTS=-Xmx1g");
  }
}
