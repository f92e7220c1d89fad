package dev.kantele.cluster.chat;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.NodeProcess;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process at a terminal of its own, as POSIX makes them (posix_openpt, grantpt, unlockpt,
 * ptsname), in a session that the terminal controls. Closing kills it if it still runs.
 */
final class PseudoTerminal implements AutoCloseable {
  private static final boolean LINUX = system().startsWith("linux");
  private static final boolean MAC = system().startsWith("mac");
  private static final Linker LINKER = Linker.nativeLinker();
  private static final int READ_AND_WRITE = 2;
  private static final int NOT_MINE = LINUX ? 0x100 : 0x20000;
  private static final short NEW_SESSION = (short) (LINUX ? 0x80 : 0x400);
  private static final long SET_SIZE = LINUX ? 0x5414L : 0x80087467L;

  /** More than any system needs for what posix_spawn is told. */
  private static final long OPAQUE_BYTES = 1024;

  private static final int BUFFER_BYTES = 4096;

  private final int master;
  private final int pid;
  private final Shown shown = new Shown();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  /** Whether this system has such terminals. */
  static boolean isSupported() {
    return LINUX || MAC;
  }

  private static String system() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  }

  /** Starts {@code command}, an absolute path and arguments, at a terminal of this size. */
  PseudoTerminal(List<String> command, Map<String, String> environment, int columns, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      master = checked("posix_openpt", callInt("posix_openpt", READ_AND_WRITE | NOT_MINE));
      checked("grantpt", callInt("grantpt", master));
      checked("unlockpt", callInt("unlockpt", master));
      MemorySegment name =
          (MemorySegment)
              call("ptsname", FunctionDescriptor.of(ADDRESS, JAVA_INT), List.of(master));
      resize(columns, rows);
      pid = spawn(arena, name, command, environment);
    }
    daemon("pty-reader", this::read);
    daemon("pty-waiter", this::waitForExit);
  }

  private static int spawn(
      Arena arena, MemorySegment terminal, List<String> command, Map<String, String> environment) {
    MemorySegment files = arena.allocate(OPAQUE_BYTES);
    MemorySegment attributes = arena.allocate(OPAQUE_BYTES);
    MemorySegment pid = arena.allocate(JAVA_INT);
    var pointer = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    zero(call("posix_spawn_file_actions_init", pointer, List.of(files)));
    var open = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    /* The first that a new session opens becomes its own. */
    zero(
        call(
            "posix_spawn_file_actions_addopen",
            open,
            List.of(files, 0, terminal, READ_AND_WRITE, 0)));
    var copy = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    zero(call("posix_spawn_file_actions_adddup2", copy, List.of(files, 0, 1)));
    zero(call("posix_spawn_file_actions_adddup2", copy, List.of(files, 0, 2)));
    zero(call("posix_spawnattr_init", pointer, List.of(attributes)));
    zero(
        call(
            "posix_spawnattr_setflags",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT),
            List.of(attributes, NEW_SESSION)));
    List<String> variables =
        environment.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
    zero(
        call(
            "posix_spawn",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
            List.of(
                pid,
                arena.allocateFrom(command.getFirst()),
                files,
                attributes,
                strings(arena, command),
                strings(arena, variables))));
    return pid.get(JAVA_INT, 0);
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array =
        arena.allocate(MemoryLayout.sequenceLayout(texts.size() + 1L, ValueLayout.ADDRESS));
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
    }
    return array;
  }

  /** Makes it another size, of which the system tells the process. */
  void resize(int columns, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size =
          arena.allocateFrom(JAVA_SHORT, (short) rows, (short) columns, (short) 0, (short) 0);
      zero(
          call(
              "ioctl",
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
              List.of(master, SET_SIZE, size),
              Linker.Option.firstVariadicArg(2)));
    }
  }

  /** Presses keys. */
  void type(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      long written = transfer("write", from, bytes.length);
      if (written != bytes.length) {
        throw new IllegalStateException("write: " + written + " (expected: " + bytes.length + ")");
      }
    }
  }

  private long transfer(String function, MemorySegment buffer, long bytes) {
    return (long)
        call(
            function,
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
            List.of(master, buffer, bytes));
  }

  /** Waits until {@code text} is shown, after what was waited for before. */
  void await(String text) {
    shown.await(text);
  }

  /** All that was shown so far, as the terminal got it. */
  String text() {
    return shown.toString(UTF_8);
  }

  /** Waits for the end of the process, and returns its exit code. */
  int awaitExit() {
    return exit.orTimeout(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  private void read() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES);
      long read;
      /* Linux says EIO when nobody has the other end open any more. */
      while ((read = transfer("read", buffer, BUFFER_BYTES)) > 0) {
        byte[] bytes = buffer.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE);
        shown.write(bytes, 0, bytes.length);
      }
    }
  }

  private void waitForExit() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      int _ =
          (int)
              call(
                  "waitpid",
                  FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                  List.of(pid, status, 0));
      int value = status.get(JAVA_INT, 0);
      int signal = value & 0x7f;
      exit.complete(signal == 0 ? (value >> 8) & 0xff : 128 + signal);
    }
  }

  @Override
  public void close() {
    ProcessHandle.of(pid).filter(_ -> !exit.isDone()).ifPresent(ProcessHandle::destroyForcibly);
    int _ = awaitExit();
    int _ = callInt("close", master);
  }

  private static void daemon(String name, Runnable task) {
    Thread _ = Thread.ofPlatform().daemon().name(name).start(task);
  }

  private static int callInt(String function, int argument) {
    return (int) call(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT), List.of(argument));
  }

  private static int checked(String function, int result) {
    if (result < 0) {
      throw new IllegalStateException(function + ": " + result + " (expected: 0 or more)");
    }
    return result;
  }

  private static void zero(Object result) {
    if ((int) result != 0) {
      throw new IllegalStateException("error " + result + " of the C library");
    }
  }

  @SuppressWarnings("restricted") // Tests are granted native access.
  private static Object call(
      String function, FunctionDescriptor type, List<Object> arguments, Linker.Option... options) {
    MemorySegment address = LINKER.defaultLookup().find(function).orElseThrow();
    try {
      return LINKER.downcallHandle(address, type, options).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(function, e);
    }
  }
}
