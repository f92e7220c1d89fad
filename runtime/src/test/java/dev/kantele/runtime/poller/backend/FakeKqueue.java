package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code kqueue(2)} as its manual pages describe it, in memory: filters by descriptor, receipts,
 * one-shots, edges, and the filter of the user. Error numbers are those of BSD.
 */
final class FakeKqueue {
  private static final int ENOENT = 2;
  private static final int EBADF = 9;

  private record Key(long ident, short filter) {}

  private static final class Note {
    int flags;
    long token;
    boolean edge;
  }

  /** What is ready: 1 to read, 2 to write; 4 the end. */
  private final Map<Integer, Integer> descriptors = new HashMap<>();

  private final Map<Key, Note> notes = new LinkedHashMap<>();
  private final KeventLayout layout;
  private final Semaphore wakeups = new Semaphore(0);
  final List<String> changes = new ArrayList<>();

  /** Lets the change with this filter fail once, with this number. */
  final Map<Short, Integer> failures = new HashMap<>();

  FakeKqueue(KeventLayout layout) {
    this.layout = layout;
  }

  Syscalls syscalls() {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "kqueue" -> 99;
                  case "close" -> 0;
                  case "kevent" ->
                      kevent(
                          (MemorySegment) arguments[1],
                          (int) arguments[2],
                          (MemorySegment) arguments[3],
                          (int) arguments[4],
                          (MemorySegment) arguments[5]);
                  default -> throw new AssertionError(method);
                });
  }

  synchronized void open(int descriptor) {
    descriptors.put(descriptor, 2);
  }

  synchronized void close(int descriptor) {
    descriptors.remove(descriptor);
    notes.keySet().removeIf(key -> key.ident == descriptor && key.filter < 0 && key.filter > -3);
  }

  synchronized void set(int descriptor, int bits) {
    descriptors.merge(descriptor, bits, (before, more) -> before | more);
    notes.forEach((key, note) -> note.edge |= key.ident == descriptor);
  }

  synchronized void clear(int descriptor, int bits) {
    descriptors.computeIfPresent(descriptor, (_, before) -> before & ~bits);
  }

  synchronized int filters() {
    return notes.size();
  }

  private int kevent(
      MemorySegment changed, int count, MemorySegment events, int capacity, MemorySegment time)
      throws InterruptedException {
    if (count > 0) {
      return change(changed, events, capacity);
    }
    int found = collect(events, capacity);
    if (found == 0
        && (time.address() == 0 || time.get(JAVA_LONG, 0) + time.get(JAVA_LONG, 8) > 0)) {
      wakeups.tryAcquire(10, TimeUnit.SECONDS);
      found = collect(events, capacity);
    }
    return found;
  }

  private synchronized int change(MemorySegment changed, MemorySegment events, int capacity) {
    long ident = changed.get(JAVA_LONG, 0);
    short filter = changed.get(JAVA_SHORT, 8);
    int flags = Short.toUnsignedInt(changed.get(JAVA_SHORT, 10));
    long token = changed.get(JAVA_LONG, 24);
    if (changed.byteSize() != layout.size()) {
      throw new AssertionError("a kevent of " + changed.byteSize() + " bytes");
    }
    int error = apply(new Key(ident, filter), flags, changed.get(JAVA_INT, 12), token);
    if ((flags & 0x40) == 0) {
      return error == 0 ? 0 : -error;
    }
    if (capacity < 1) {
      throw new AssertionError("no room for a receipt");
    }
    events.set(JAVA_SHORT, 10, (short) 0x4000);
    events.set(JAVA_LONG, 16, error);
    return 1;
  }

  private int apply(Key key, int flags, int fflags, long token) {
    changes.add(key.ident + "/" + key.filter + "/" + Integer.toHexString(flags & ~0x40));
    @Nullable Integer failure = failures.remove(key.filter);
    if (failure != null) {
      return failure;
    }
    boolean user = key.filter == layout.userFilter();
    if (!user && !descriptors.containsKey((int) key.ident)) {
      return EBADF;
    }
    @Nullable Note note = notes.get(key);
    if ((flags & 0x1) != 0) {
      note = notes.computeIfAbsent(key, _ -> new Note());
      note.flags = flags;
      note.token = token;
      note.edge = !user;
      return 0;
    }
    if (note == null) {
      return ENOENT;
    }
    if ((flags & 0x2) != 0) {
      notes.remove(key);
    } else if (user && fflags == 0x0100_0000) {
      note.edge = true;
      wakeups.release();
    }
    return 0;
  }

  private synchronized int collect(MemorySegment events, int capacity) {
    int found = 0;
    for (Key key : List.copyOf(notes.keySet())) {
      Note note = java.util.Objects.requireNonNull(notes.get(key));
      int state = descriptors.getOrDefault((int) key.ident, 0);
      int wanted = key.filter == -1 ? 1 | 4 : key.filter == -2 ? 2 | 4 : 0;
      boolean user = key.filter == layout.userFilter();
      boolean ready = user ? note.edge : (state & wanted) != 0;
      if (!ready || ((note.flags & 0x20) != 0 && !note.edge) || found == capacity) {
        continue;
      }
      note.edge = false;
      if (user) {
        wakeups.drainPermits();
      }
      if ((note.flags & 0x10) != 0) {
        notes.remove(key);
      }
      long at = (long) found++ * layout.size();
      events.set(JAVA_LONG, at, key.ident);
      events.set(JAVA_SHORT, at + 8, key.filter);
      events.set(JAVA_SHORT, at + 10, (short) (note.flags | ((state & 4) != 0 ? 0x8000 : 0)));
      events.set(JAVA_INT, at + 12, 0);
      events.set(JAVA_LONG, at + 24, note.token);
    }
    return found;
  }
}
