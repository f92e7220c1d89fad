package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the C library as method handles, whose first argument is where {@code errno} goes. A
 * function that the library lacks fails with {@link Errno#ENOSYS}.
 */
final class Native {
  /** Whether error numbers are Linux's, and descriptors are made with flags. */
  static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

  private static final int ENOSYS_HERE = LINUX ? Errno.ENOSYS : 78;

  /* One a thread: a call overwrites what the call before it left. */
  private static final ThreadLocal<MemorySegment> ERROR =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  /** Where a call of this thread leaves {@code errno}. */
  static MemorySegment error() {
    return ERROR.get();
  }

  static int result(int result, MemorySegment error) {
    return result >= 0 ? result : -errno(error);
  }

  static long result(long result, MemorySegment error) {
    return result >= 0 ? result : -errno(error);
  }

  static MethodHandle ints(String function, MemoryLayout... arguments) {
    return handle(function, FunctionDescriptor.of(JAVA_INT, arguments), CAPTURE);
  }

  static MethodHandle longs(String function, MemoryLayout... arguments) {
    return handle(function, FunctionDescriptor.of(JAVA_LONG, arguments), CAPTURE);
  }

  /** Calls that never block: they hold up the garbage collector. */
  static MethodHandle shortInts(String function, MemoryLayout... arguments) {
    return handle(
        function,
        FunctionDescriptor.of(JAVA_INT, arguments),
        CAPTURE,
        Linker.Option.critical(/* allowHeapAccess= */ false));
  }

  /** Calls that never block and take segments of the heap: they hold up the garbage collector. */
  static MethodHandle heapLongs(String function, MemoryLayout... arguments) {
    return handle(
        function,
        FunctionDescriptor.of(JAVA_LONG, arguments),
        CAPTURE,
        Linker.Option.critical(/* allowHeapAccess= */ true));
  }

  /**
   * Functions with {@code ...} from the argument {@code first} on, which some machines pass apart.
   */
  static MethodHandle variadicInts(String function, int first, MemoryLayout... arguments) {
    return handle(
        function,
        FunctionDescriptor.of(JAVA_INT, arguments),
        CAPTURE,
        Linker.Option.firstVariadicArg(first));
  }

  static MethodHandle variadicLongs(String function, int first, MemoryLayout... arguments) {
    return handle(
        function,
        FunctionDescriptor.of(JAVA_LONG, arguments),
        CAPTURE,
        Linker.Option.firstVariadicArg(first));
  }

  /** A downcall declares {@code Throwable} and throws none, but for errors of the JVM. */
  static Error impossible(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new AssertionError(thrown);
  }

  private static int errno(MemorySegment error) {
    int errno = (int) ERRNO.get(error, 0L);
    return LINUX ? errno : Errno.ofBsd(errno);
  }

  @SuppressWarnings("restricted") // To call the system is what this class is for.
  private static MethodHandle handle(
      String function, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    @Nullable MemorySegment address = linker.defaultLookup().find(function).orElse(null);
    return address == null ? missing(type) : linker.downcallHandle(address, type, options);
  }

  private static MethodHandle missing(FunctionDescriptor type) {
    try {
      MethodHandle fail =
          MethodHandles.lookup()
              .findStatic(
                  Native.class, "fail", MethodType.methodType(int.class, MemorySegment.class));
      Class<?> result = type.returnLayout().orElseThrow().equals(JAVA_INT) ? int.class : long.class;
      return MethodHandles.dropArguments(
          fail.asType(MethodType.methodType(result, MemorySegment.class)),
          1,
          type.toMethodType().parameterList());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the method that stands in for " + type, e);
    }
  }

  @SuppressWarnings("UnusedMethod") // Called by its handle.
  private static int fail(MemorySegment error) {
    ERRNO.set(error, 0L, ENOSYS_HERE);
    return -1;
  }

  private Native() {}
}
