package dev.kantele.runtime.poller.backend;

import static dev.kantele.runtime.poller.backend.SyscallException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Linux's {@code epoll(7)}. */
public final class EpollPoller implements Poller {
  private static final int EPOLLIN = 0x1;
  private static final int EPOLLOUT = 0x4;
  private static final int EPOLLERR = 0x8;
  private static final int EPOLLHUP = 0x10;
  private static final int EPOLLRDHUP = 0x2000;
  private static final int EPOLLONESHOT = 1 << 30;
  private static final int EPOLLET = 1 << 31;

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  private static final int CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int NOT_OPEN = -1;

  private static final int FIRST_CAPACITY = 256;
  private static final int LAST_CAPACITY = 4_096;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Syscalls syscalls;
  private final EpollLayout layout;
  private final DescriptorTable table;
  private final MemorySegment change;
  private final MemorySegment timeout = Arena.ofAuto().allocate(16, 8);
  private final Object wakeLock = new Object();
  private MemorySegment events;
  private int capacity = FIRST_CAPACITY;
  private int epoll = NOT_OPEN;

  /**
   * Written under {@link #wakeLock}, so that nobody writes to a number that is another's by now.
   */
  private int wake = NOT_OPEN;

  private boolean nanosecondTimeouts = true;
  private boolean rebuild;

  /** Opens one; for where {@code os.name} is Linux. */
  public static EpollPoller open(Syscalls syscalls) throws IOException {
    return new EpollPoller(syscalls, EpollLayout.of(System.getProperty("os.arch")), 0);
  }

  EpollPoller(Syscalls syscalls, EpollLayout layout, int generation) throws IOException {
    this.syscalls = syscalls;
    this.layout = layout;
    this.table = new DescriptorTable(generation);
    this.change = Arena.ofAuto().allocate(layout.size(), 8);
    this.events = allocate(capacity);
    try {
      wake = check("eventfd", syscalls.eventfd(0, CLOEXEC | EFD_NONBLOCK));
      epoll = create();
    } catch (IOException e) {
      try {
        close();
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public void add(Watch watch) throws IOException {
    if (watch.channel != null) {
      throw new UnsupportedOperationException(
          watch.source() + ": epoll watches descriptors, and only the JDK knows a channel's");
    }
    if (watch.watched) {
      throw new IllegalStateException(watch + " is registered already");
    }
    table.number(watch);
    int result = control(epoll, EPOLL_CTL_ADD, watch, watch.interest);
    @Nullable Watch before = table.at(watch.descriptor);
    if (result == -Errno.EEXIST) {
      throw new IllegalStateException(
          watch.source() + " is registered already: " + (before == null ? "the loop's" : before));
    }
    if (result < 0) {
      throw new SyscallException(
          "epoll_ctl ADD of " + watch.source() + ", which stays the caller's alone", result);
    }
    if (before != null) {
      // The kernel took the number anew, so its former owner has closed it without cancelling.
      table.remove(before);
    }
    watch.disarmed = false;
    table.put(watch);
  }

  @Override
  public void update(Watch watch, int interest) throws IOException {
    requireCurrent(watch);
    if (interest == watch.interest && watch.trigger == Trigger.LEVEL && !watch.disarmed) {
      return;
    }
    if (watch.disarmed && interest == Interest.NONE) {
      return;
    }
    int operation = watch.disarmed ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    int result = control(epoll, operation, watch, interest);
    if (result < 0) {
      throw new SyscallException(
          "epoll_ctl of "
              + watch.source()
              + " for interest "
              + interest
              + "; it stays registered for interest "
              + watch.interest,
          result);
    }
    watch.disarmed = false;
    watch.interest = interest;
  }

  @Override
  public void remove(Watch watch) throws IOException {
    if (!table.remove(watch) || watch.disarmed) {
      return;
    }
    int result = syscalls.epollCtl(epoll, EPOLL_CTL_DEL, watch.descriptor, change);
    if (result < 0 && !isGone(result)) {
      throw new SyscallException(
          "epoll_ctl DEL of " + watch.source() + ", which the loop has let go of", result);
    }
  }

  @Override
  public void poll(long timeoutNanos, Ready ready) throws IOException {
    int found = await(timeoutNanos);
    if (found == -Errno.EINTR) {
      return;
    }
    check("epoll_wait", found);
    for (int i = 0; i < found; i++) {
      long at = (long) i * layout.size();
      long token = events.get(JAVA_LONG_UNALIGNED, at + layout.dataOffset());
      if (token == DescriptorTable.NO_WATCH) {
        continue; // The wake-up: edge-triggered, so that there is no need to read it.
      }
      found(token, events.get(JAVA_INT_UNALIGNED, at), ready);
    }
    if (rebuild) {
      rebuild(ready);
    }
    if (found == capacity && capacity < LAST_CAPACITY) {
      capacity *= 2;
      events = allocate(capacity);
    }
  }

  @Override
  public boolean wakeup() {
    synchronized (wakeLock) {
      if (wake == NOT_OPEN) {
        return true;
      }
      long result;
      do {
        result = syscalls.eventfdSignal(wake);
      } while (result == -Errno.EINTR);
      // A counter that is full has been written to, and nobody has seen it yet.
      return result == Long.BYTES || result == -Errno.EAGAIN;
    }
  }

  @Override
  public void close() throws IOException {
    int wakeResult = 0;
    synchronized (wakeLock) {
      if (wake != NOT_OPEN) {
        wakeResult = syscalls.close(wake);
        wake = NOT_OPEN;
      }
    }
    int epollResult = 0;
    if (epoll != NOT_OPEN) {
      epollResult = syscalls.close(epoll);
      epoll = NOT_OPEN;
    }
    table.forEach(watch -> watch.watched = false);
    check("close of the eventfd", wakeResult);
    check("close of the epoll descriptor", epollResult);
  }

  private int await(long timeoutNanos) {
    if (timeoutNanos <= 0) {
      return syscalls.epollWait(epoll, events, capacity, 0);
    }
    if (timeoutNanos == FOREVER) {
      return syscalls.epollWait(epoll, events, capacity, -1);
    }
    if (nanosecondTimeouts) {
      timeout.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
      timeout.set(JAVA_LONG, 8, timeoutNanos % NANOS_PER_SECOND);
      int found = syscalls.epollPwait2(epoll, events, capacity, timeout);
      // Old sandboxes forbid what they don't know.
      if (found != -Errno.ENOSYS && found != -Errno.EPERM) {
        return found;
      }
      nanosecondTimeouts = false;
    }
    long millis = Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI);
    return syscalls.epollWait(epoll, events, capacity, (int) Math.min(millis, Integer.MAX_VALUE));
  }

  private void found(long token, int happened, Ready ready) {
    @Nullable Watch watch = table.find(token);
    if (watch == null) {
      forget(DescriptorTable.descriptor(token));
      return;
    }
    int readiness = readiness(happened) & (watch.interest | Readiness.WHETHER_ASKED_OR_NOT);
    if (readiness == 0) {
      return;
    }
    ready.add(watch, readiness);
    if (watch.interest == Interest.NONE && watch.trigger == Trigger.LEVEL) {
      // epoll tells of hang-ups to those who ask for nothing, and would at each wait.
      watch.disarmed =
          isGoneOrDone(syscalls.epollCtl(epoll, EPOLL_CTL_DEL, watch.descriptor, change));
    }
  }

  /**
   * Stops the kernel from telling of what nobody watches. That happens where an owner closed its
   * descriptor without cancelling and another process or descriptor shares the open file: the
   * kernel's entry lives on and, if the number is another's by now, can't be deleted.
   */
  private void forget(int descriptor) {
    if (table.at(descriptor) != null
        || syscalls.epollCtl(epoll, EPOLL_CTL_DEL, descriptor, change) < 0) {
      rebuild = true;
    }
  }

  /**
   * Moves all that is watched into a new set. What can't be moved is told as an error. Without a
   * descriptor to spare it is tried again after the next wait.
   */
  private void rebuild(Ready ready) throws IOException {
    int fresh;
    try {
      fresh = create();
    } catch (SyscallException e) {
      if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
        return;
      }
      throw e;
    }
    rebuild = false;
    table.forEach(
        watch -> {
          if (!watch.disarmed && control(fresh, EPOLL_CTL_ADD, watch, watch.interest) < 0) {
            watch.disarmed = true;
            ready.add(watch, watch.interest | Readiness.ERROR);
          }
        });
    int former = epoll;
    epoll = fresh;
    check("close of the epoll descriptor", syscalls.close(former));
  }

  private int create() throws IOException {
    int created = check("epoll_create1", syscalls.epollCreate1(CLOEXEC));
    change.set(JAVA_INT_UNALIGNED, 0, EPOLLIN | EPOLLET);
    change.set(JAVA_LONG_UNALIGNED, layout.dataOffset(), DescriptorTable.NO_WATCH);
    int result = syscalls.epollCtl(created, EPOLL_CTL_ADD, wake, change);
    if (result < 0) {
      syscalls.close(created);
      throw new SyscallException("epoll_ctl ADD of the eventfd", result);
    }
    return created;
  }

  private int control(int set, int operation, Watch watch, int interest) {
    change.set(JAVA_INT_UNALIGNED, 0, asked(interest, watch.trigger));
    change.set(JAVA_LONG_UNALIGNED, layout.dataOffset(), DescriptorTable.token(watch));
    return syscalls.epollCtl(set, operation, watch.descriptor, change);
  }

  private static int asked(int interest, Trigger trigger) {
    int asked =
        switch (trigger) {
          case LEVEL -> 0;
          case EDGE -> EPOLLET;
          case ONE_SHOT -> EPOLLONESHOT;
        };
    if ((interest & Interest.READ) != 0) {
      // Not for writers: by level they would be told at each wait of what they can't take in.
      asked |= EPOLLIN | EPOLLRDHUP;
    }
    if ((interest & Interest.WRITE) != 0) {
      asked |= EPOLLOUT;
    }
    return asked;
  }

  private static int readiness(int happened) {
    int readiness = 0;
    if ((happened & EPOLLIN) != 0) {
      readiness |= Readiness.READ;
    }
    if ((happened & EPOLLOUT) != 0) {
      readiness |= Readiness.WRITE;
    }
    if ((happened & EPOLLRDHUP) != 0) {
      readiness |= Readiness.READ | Readiness.HANGUP;
    }
    // After these no call blocks, and the next one says what it is.
    if ((happened & EPOLLHUP) != 0) {
      readiness |= Readiness.READ | Readiness.WRITE | Readiness.HANGUP;
    }
    if ((happened & EPOLLERR) != 0) {
      readiness |= Readiness.READ | Readiness.WRITE | Readiness.ERROR;
    }
    return readiness;
  }

  private void requireCurrent(Watch watch) {
    if (!watch.watched) {
      throw new IllegalStateException(watch + " is not registered");
    }
  }

  private static boolean isGoneOrDone(int result) {
    return result >= 0 || isGone(result);
  }

  /** Whether there is nothing to delete: the owner has closed the descriptor before. */
  private static boolean isGone(int result) {
    return result == -Errno.ENOENT || result == -Errno.EBADF || result == -Errno.EPERM;
  }

  private MemorySegment allocate(int count) {
    return Arena.ofAuto().allocate((long) count * layout.size(), 8);
  }
}
