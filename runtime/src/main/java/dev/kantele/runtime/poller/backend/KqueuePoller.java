package dev.kantele.runtime.poller.backend;

import static dev.kantele.runtime.poller.backend.SyscallException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * {@code kqueue(2)} of macOS and FreeBSD. Reading and writing are a filter each; what does not ask
 * for either has none, so that its hang-up is not told.
 */
public final class KqueuePoller implements Poller {
  private static final short EVFILT_READ = -1;
  private static final short EVFILT_WRITE = -2;

  private static final int EV_ADD = 0x1;
  private static final int EV_DELETE = 0x2;
  private static final int EV_ENABLE = 0x4;
  private static final int EV_ONESHOT = 0x10;
  private static final int EV_CLEAR = 0x20;
  private static final int EV_RECEIPT = 0x40;
  private static final int EV_ERROR = 0x4000;
  private static final int EV_EOF = 0x8000;
  private static final int NOTE_TRIGGER = 0x0100_0000;

  private static final int NOT_OPEN = -1;
  private static final int FIRST_CAPACITY = 256;
  private static final int LAST_CAPACITY = 4_096;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Syscalls syscalls;
  private final KeventLayout layout;
  private final DescriptorTable table = new DescriptorTable(0);
  private final MemorySegment change;
  private final MemorySegment receipt;
  private final MemorySegment trigger;
  private final MemorySegment timeout = Arena.ofAuto().allocate(16, 8);
  private final MemorySegment noTime = Arena.ofAuto().allocate(16, 8);
  private final Object wakeLock = new Object();
  private MemorySegment events;
  private int capacity = FIRST_CAPACITY;

  /**
   * Written under {@link #wakeLock}, so that nobody writes to a number that is another's by now.
   */
  private int kqueue = NOT_OPEN;

  /** Opens one; for where {@code os.name} is Mac OS X or FreeBSD. */
  public static KqueuePoller open(Syscalls syscalls) throws IOException {
    return new KqueuePoller(syscalls, KeventLayout.of(System.getProperty("os.name")));
  }

  KqueuePoller(Syscalls syscalls, KeventLayout layout) throws IOException {
    this.syscalls = syscalls;
    this.layout = layout;
    this.change = allocate(1);
    this.receipt = allocate(1);
    this.trigger = allocate(1);
    this.events = allocate(capacity);
    set(trigger, 0, layout.userFilter(), 0, NOTE_TRIGGER, DescriptorTable.NO_WATCH);
    kqueue = check("kqueue", syscalls.kqueue());
    int result = change(0, layout.userFilter(), EV_ADD | EV_CLEAR, DescriptorTable.NO_WATCH);
    if (result < 0) {
      close();
      throw new SyscallException("kevent ADD of the wake-up", result);
    }
  }

  @Override
  public String name() {
    return "kqueue";
  }

  @Override
  public void add(Watch watch) throws IOException {
    if (watch.channel != null) {
      throw new UnsupportedOperationException(
          watch.source() + ": kqueue watches descriptors, and only the JDK knows a channel's");
    }
    if (watch.watched) {
      throw new IllegalStateException(watch + " is registered already");
    }
    @Nullable Watch before = table.at(watch.descriptor);
    if (before != null && isThere(before)) {
      throw new IllegalStateException(watch.source() + " is registered already: " + before);
    }
    table.number(watch);
    int result = install(watch, Interest.NONE, watch.interest);
    if (result < 0) {
      throw new SyscallException(
          "kevent ADD of " + watch.source() + ", which stays the caller's alone", result);
    }
    if (before != null) {
      // The system forgot it when its owner closed the descriptor without cancelling.
      table.remove(before);
    }
    watch.disarmed = false;
    table.put(watch);
  }

  @Override
  public void update(Watch watch, int interest) throws IOException {
    if (!watch.watched) {
      throw new IllegalStateException(watch + " is not registered");
    }
    int installed = installed(watch);
    // Adding an edge again is what tells anew.
    int result = install(watch, watch.trigger == Trigger.EDGE ? 0 : installed, interest);
    if (result < 0) {
      throw new SyscallException(
          "kevent of "
              + watch.source()
              + " for interest "
              + interest
              + "; it stays registered for interest "
              + watch.interest,
          result);
    }
    uninstall(watch, installed & ~interest);
    watch.disarmed = false;
    watch.interest = interest;
  }

  @Override
  public void remove(Watch watch) {
    int installed = installed(watch);
    if (table.remove(watch)) {
      uninstall(watch, installed);
    }
  }

  @Override
  public void poll(long timeoutNanos, Ready ready) throws IOException {
    int found =
        syscalls.kevent(kqueue, MemorySegment.NULL, 0, events, capacity, timespec(timeoutNanos));
    if (found == -Errno.EINTR) {
      return;
    }
    check("kevent", found);
    int before = ready.size();
    for (int i = 0; i < found; i++) {
      found((long) i * layout.size(), ready);
    }
    for (int i = before; i < ready.size(); i++) {
      Watch watch = ready.watch(i);
      if (watch.trigger == Trigger.ONE_SHOT) {
        // The system has taken out the filter that was told, and knows nothing of the other.
        uninstall(watch, watch.interest);
        watch.disarmed = true;
      }
    }
    if (found == capacity && capacity < LAST_CAPACITY) {
      capacity *= 2;
      events = allocate(capacity);
    }
  }

  @Override
  public boolean wakeup() {
    synchronized (wakeLock) {
      if (kqueue == NOT_OPEN) {
        return true;
      }
      int result;
      do {
        result = syscalls.kevent(kqueue, trigger, 1, MemorySegment.NULL, 0, noTime);
      } while (result == -Errno.EINTR);
      return result >= 0;
    }
  }

  @Override
  public void close() throws IOException {
    int result = 0;
    synchronized (wakeLock) {
      if (kqueue != NOT_OPEN) {
        result = syscalls.close(kqueue);
        kqueue = NOT_OPEN;
      }
    }
    table.forEach(watch -> watch.watched = false);
    check("close of the kqueue", result);
  }

  private void found(long at, Ready ready) {
    long token = events.get(JAVA_LONG, at + KeventLayout.UDATA);
    @Nullable Watch watch = token == DescriptorTable.NO_WATCH ? null : table.find(token);
    if (watch == null) {
      return;
    }
    int flags = Short.toUnsignedInt(events.get(JAVA_SHORT, at + KeventLayout.FLAGS));
    int readiness =
        events.get(JAVA_SHORT, at + KeventLayout.FILTER) == EVFILT_READ
            ? Readiness.READ
            : Readiness.WRITE;
    if ((flags & EV_EOF) != 0) {
      readiness |= Readiness.HANGUP;
      if (events.get(JAVA_INT, at + KeventLayout.FFLAGS) != 0) {
        readiness |= Readiness.ERROR;
      }
    }
    if ((flags & EV_ERROR) != 0) {
      readiness |= Readiness.ERROR;
    }
    ready.add(watch, readiness);
  }

  /** Adds the filters of {@code interest} that are not installed: all, or none and an error. */
  private int install(Watch watch, int installed, int interest) {
    int missing = interest & ~installed;
    if ((missing & Interest.READ) != 0) {
      int result = add(watch, EVFILT_READ);
      if (result < 0) {
        return result;
      }
    }
    if ((missing & Interest.WRITE) != 0) {
      int result = add(watch, EVFILT_WRITE);
      if (result < 0) {
        uninstall(watch, missing & Interest.READ & ~installed(watch));
        return result;
      }
    }
    return 0;
  }

  private int add(Watch watch, short filter) {
    int how =
        switch (watch.trigger) {
          case LEVEL -> 0;
          case EDGE -> EV_CLEAR;
          case ONE_SHOT -> EV_ONESHOT;
        };
    return change(watch.descriptor, filter, EV_ADD | EV_ENABLE | how, DescriptorTable.token(watch));
  }

  /** Takes filters out; those that are gone with their descriptor already are no failure. */
  private void uninstall(Watch watch, int interest) {
    if ((interest & Interest.READ) != 0) {
      change(watch.descriptor, EVFILT_READ, EV_DELETE, 0);
    }
    if ((interest & Interest.WRITE) != 0) {
      change(watch.descriptor, EVFILT_WRITE, EV_DELETE, 0);
    }
  }

  /** Whether the system still knows a watch: it forgets those whose descriptor is closed. */
  private boolean isThere(Watch watch) {
    int installed = installed(watch);
    if (installed == Interest.NONE) {
      return true;
    }
    short filter = (installed & Interest.READ) != 0 ? EVFILT_READ : EVFILT_WRITE;
    return change(watch.descriptor, filter, EV_ENABLE, DescriptorTable.token(watch)) >= 0;
  }

  private static int installed(Watch watch) {
    return watch.watched && !watch.disarmed ? watch.interest : Interest.NONE;
  }

  private int change(int ident, short filter, int flags, long token) {
    set(change, ident, filter, flags | EV_RECEIPT, 0, token);
    int result = syscalls.kevent(kqueue, change, 1, receipt, 1, noTime);
    if (result < 0) {
      return result;
    }
    // With EV_RECEIPT the one event that comes back says how it went.
    return result == 1 ? -Errno.ofBsd((int) receipt.get(JAVA_LONG, KeventLayout.DATA)) : 0;
  }

  private static void set(
      MemorySegment event, int ident, short filter, int flags, int fflags, long token) {
    event.fill((byte) 0);
    event.set(JAVA_LONG, KeventLayout.IDENT, ident);
    event.set(JAVA_SHORT, KeventLayout.FILTER, filter);
    event.set(JAVA_SHORT, KeventLayout.FLAGS, (short) flags);
    event.set(JAVA_INT, KeventLayout.FFLAGS, fflags);
    event.set(JAVA_LONG, KeventLayout.UDATA, token);
  }

  private MemorySegment timespec(long timeoutNanos) {
    if (timeoutNanos <= 0) {
      return noTime;
    }
    if (timeoutNanos == FOREVER) {
      return MemorySegment.NULL;
    }
    timeout.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
    timeout.set(JAVA_LONG, 8, timeoutNanos % NANOS_PER_SECOND);
    return timeout;
  }

  private MemorySegment allocate(int count) {
    return Arena.ofAuto().allocate((long) count * layout.size(), 8);
  }
}
