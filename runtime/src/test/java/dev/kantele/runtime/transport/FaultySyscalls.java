package dev.kantele.runtime.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.poller.backend.NativeSyscalls;
import dev.kantele.runtime.poller.backend.Syscalls;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The system, but for calls that are told to fail, or to take less than they are given. */
final class FaultySyscalls {
  private final Syscalls system = new NativeSyscalls();
  private final Map<String, Queue<Integer>> faults = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Semaphore failed = new Semaphore(0);
  private volatile int sendBytes = Integer.MAX_VALUE;

  /** What the code under test calls. */
  Syscalls syscalls() {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (_, method, arguments) -> {
              String name = method.getName();
              count(name).incrementAndGet();
              Integer fault = faults.getOrDefault(name, new ConcurrentLinkedQueue<>()).poll();
              if (fault != null) {
                failed.release();
                return method.getReturnType() == long.class
                    ? (Object) (long) -fault
                    : (Object) (-fault);
              }
              if (name.equals("send")) {
                MemorySegment from = (MemorySegment) arguments[1];
                arguments[1] = from.asSlice(0, Math.min(sendBytes, from.byteSize()));
              }
              return method.invoke(system, arguments);
            });
  }

  /** Lets the next calls fail, one after the other. */
  void fail(String call, int... errnos) {
    Queue<Integer> queue = faults.computeIfAbsent(call, _ -> new ConcurrentLinkedQueue<>());
    for (int errno : errnos) {
      queue.add(errno);
    }
  }

  /** Lets no more calls fail. */
  void mend(String call) {
    faults.remove(call);
  }

  /** Waits until one more call has failed that was told to. */
  void awaitFailure() throws InterruptedException {
    assertThat(failed.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Lets each call take so many bytes at the most. */
  void sendAtMost(int bytes) {
    sendBytes = bytes;
  }

  /** How often something was called. */
  int calls(String call) {
    return count(call).get();
  }

  private AtomicInteger count(String call) {
    return calls.computeIfAbsent(call, _ -> new AtomicInteger());
  }
}
