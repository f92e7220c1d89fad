package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** Which processors a thread may run on. Linux only. */
public final class Cpus {
  /** How many processors the C library's {@code cpu_set_t} knows. */
  public static final int LIMIT = 1_024;

  /**
   * Lets the calling thread run on one processor only.
   *
   * @param cpu 0..1023
   * @throws SyscallException if there is no such processor, or it is not for this process
   */
  public static void pin(Syscalls syscalls, int cpu) throws SyscallException {
    if (cpu < 0 || cpu >= LIMIT) {
      throw new IllegalArgumentException("cpu: " + cpu + " (expected: 0.." + (LIMIT - 1) + ")");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = mask(arena);
      mask.setAtIndex(JAVA_LONG, cpu / Long.SIZE, 1L << cpu);
      SyscallException.check(
          "sched_setaffinity to processor " + cpu, syscalls.schedSetaffinity(mask));
    }
  }

  /** Those that the calling thread may run on. */
  public static BitSet allowed(Syscalls syscalls) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = mask(arena);
      SyscallException.check("sched_getaffinity", syscalls.schedGetaffinity(mask));
      return BitSet.valueOf(mask.toArray(JAVA_LONG));
    }
  }

  private static MemorySegment mask(Arena arena) {
    return arena.allocate(LIMIT / Byte.SIZE, Long.BYTES);
  }

  private Cpus() {}
}
