package dev.kantele.runtime.poller.backend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The system, but for what a test puts in its place; all by the names of the calls. */
final class ScriptedSyscalls {
  private final Map<String, Queue<Number>> scripted = new HashMap<>();
  private final Map<String, Runnable> before = new HashMap<>();
  private final List<String> calls = new ArrayList<>();

  /** Lets the next call return {@code results}, one each, without being made. */
  ScriptedSyscalls next(String call, long... results) {
    Queue<Number> queue = scripted.computeIfAbsent(call, _ -> new ArrayDeque<>());
    for (long result : results) {
      queue.add(result);
    }
    return this;
  }

  /** Runs something before each such call. */
  ScriptedSyscalls before(String call, Runnable action) {
    before.put(call, action);
    return this;
  }

  /** How often it was called, scripted or not. */
  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  /** The calls so far, in order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  /** The calls around {@code system}. */
  Syscalls around(Syscalls system) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (_, method, arguments) -> {
              String name = method.getName();
              calls.add(name);
              before.getOrDefault(name, () -> {}).run();
              @Nullable Queue<Number> queue = scripted.get(name);
              @Nullable Number result = queue == null ? null : queue.poll();
              if (result != null) {
                return method.getReturnType() == int.class
                    ? (Object) result.intValue()
                    : (Object) result.longValue();
              }
              try {
                return method.invoke(system, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
