package dev.kantele.cluster.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a signal that comes while the process is ending already, which the JVM ignores.
 * The class {@code sun.misc.Signal} of the module {@code jdk.unsupported} is used by name: where it
 * is missing, such a signal stays without effect.
 */
final class SecondSignal {
  private static final int SIGNALLED = 128;

  /** From now on SIGINT and SIGTERM end the process at once, with 128 and the signal's number. */
  static void endsAtOnce() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      var number = signal.getMethod("getNumber");
      InvocationHandler halt =
          (_, method, arguments) -> {
            if (!method.getName().equals("handle")) {
              throw new UnsupportedOperationException(method.getName());
            }
            Runtime.getRuntime().halt(SIGNALLED + (int) number.invoke(arguments[0]));
            return null;
          };
      Object ending =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, halt);
      var handle = signal.getMethod("handle", signal, handler);
      for (String name : new String[] {"INT", "TERM"}) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), ending);
      }
    } catch (ReflectiveOperationException e) {
      LoggerFactory.getLogger(SecondSignal.class).debug("a second signal is ignored", e);
    }
  }

  private SecondSignal() {}
}
