package dev.kantele.cluster.cli;

import java.io.Console;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Whether a standard stream is a terminal: isatty(3) of POSIX. */
final class Terminal {
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;

  /**
   * Whether the stream is a terminal; where the C library can't be asked, whether all three are.
   */
  @SuppressWarnings("SystemConsoleNull") // From JDK 25 on it is null again without a terminal.
  static boolean isTerminal(int descriptor) {
    try {
      return isatty(descriptor);
    } catch (Throwable _) {
      Console console = System.console();
      return console != null && console.isTerminal();
    }
  }

  @SuppressWarnings("restricted") // The launcher and the manifest grant native access.
  private static boolean isatty(int descriptor) throws Throwable {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function =
        linker.defaultLookup().find("isatty").or(() -> linker.defaultLookup().find("_isatty"));
    var type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    return (int) linker.downcallHandle(function.orElseThrow(), type).invokeExact(descriptor) != 0;
  }

  private Terminal() {}
}
