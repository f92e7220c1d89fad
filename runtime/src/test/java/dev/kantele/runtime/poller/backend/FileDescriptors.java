package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;

/** What Linux tells of descriptors. */
final class FileDescriptors {
  /** {@code open(2)}. */
  @SuppressWarnings("restricted")
  static int open(MemorySegment path, int flags) {
    Linker linker = Linker.nativeLinker();
    try {
      return (int)
          linker
              .downcallHandle(
                  linker.defaultLookup().find("open").orElseThrow(),
                  FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                  Linker.Option.firstVariadicArg(2))
              .invokeExact(path, flags);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** How many descriptors this process has of sockets, epoll sets and eventfds. */
  static long ofSocketsAndPollers() {
    String[] names = requireNonNull(new File("/proc/self/fd").list());
    return Arrays.stream(names).filter(FileDescriptors::isOfSocketOrPoller).count();
  }

  private static boolean isOfSocketOrPoller(String name) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + name)).toString();
      return target.startsWith("socket:") || target.startsWith("anon_inode:");
    } catch (IOException _) {
      return false; // The one that listed the folder.
    }
  }

  /** The descriptors that an epoll set watches, as the kernel says. */
  static List<Integer> targetsOf(EpollPoller poller) {
    try {
      return Files.readAllLines(Path.of("/proc/self/fdinfo/" + field(poller, "epoll"))).stream()
          .filter(line -> line.startsWith("tfd:"))
          .map(line -> new Scanner(line.substring(4)).nextInt())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int eventfdOf(EpollPoller poller) {
    return field(poller, "wake");
  }

  /** A pair of which one end has the number {@code number}, which is free. */
  static SocketLine lineAt(int number) {
    SocketLine line = new SocketLine();
    if (line.here == number) {
      return line;
    }
    line.close();
    throw new AssertionError("descriptor " + line.here + " (expected: " + number + ")");
  }

  /** A high number that this process may use. */
  static int farthest() {
    try {
      String limits =
          Files.readAllLines(Path.of("/proc/self/limits")).stream()
              .filter(line -> line.startsWith("Max open files"))
              .findFirst()
              .orElseThrow();
      int limit = new Scanner(limits.substring("Max open files".length())).nextInt();
      assertThat(limit).isGreaterThan(256);
      return Math.min(limit - 2, 100_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int field(EpollPoller poller, String name) {
    try {
      Field field = EpollPoller.class.getDeclaredField(name);
      field.setAccessible(true);
      return field.getInt(poller);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  private FileDescriptors() {}
}
