package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system's own calls, by its C library, without native code of our own. Needs {@code
 * --enable-native-access}.
 *
 * <p>What may block is an ordinary downcall: the garbage collector goes on meanwhile. Those of a
 * segment on the heap, and {@code epoll_wait} that does not wait, are critical ones.
 */
public final class NativeSyscalls implements Syscalls {
  private static final MethodHandle CLOSE = Native.ints("close", JAVA_INT);
  private static final MethodHandle FCNTL =
      Native.variadicInts("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle READ = Native.longs("read", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE = Native.longs("write", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle READ_HEAP =
      Native.heapLongs("read", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE_HEAP =
      Native.heapLongs("write", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle READV = Native.longs("readv", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle WRITEV = Native.longs("writev", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle PIPE2 = Native.ints("pipe2", ADDRESS, JAVA_INT);
  private static final MethodHandle PIPE = Native.ints("pipe", ADDRESS);

  private static final MethodHandle SOCKET = Native.ints("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SOCKETPAIR =
      Native.ints("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle BIND = Native.ints("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = Native.ints("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT4 =
      Native.ints("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle CONNECT = Native.ints("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      Native.ints("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      Native.ints("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      Native.ints("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle GETPEERNAME =
      Native.ints("getpeername", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle RECV =
      Native.longs("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND =
      Native.longs("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV_HEAP =
      Native.heapLongs("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND_HEAP =
      Native.heapLongs("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SHUTDOWN = Native.ints("shutdown", JAVA_INT, JAVA_INT);

  private static final MethodHandle EVENTFD = Native.ints("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CREATE1 = Native.ints("epoll_create1", JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      Native.ints("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EPOLL_WAIT =
      Native.ints("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_WAIT_NOT =
      Native.shortInts("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_PWAIT2 =
      Native.ints("epoll_pwait2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle PIDFD_OPEN =
      Native.variadicLongs("syscall", 1, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle SCHED_SETAFFINITY =
      Native.ints("sched_setaffinity", JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle SCHED_GETAFFINITY =
      Native.ints("sched_getaffinity", JAVA_INT, JAVA_LONG, ADDRESS);

  private static final MethodHandle PRCTL = Native.variadicInts("prctl", 1, JAVA_INT, JAVA_LONG);

  private static final MethodHandle KQUEUE = Native.ints("kqueue");
  private static final MethodHandle KEVENT =
      Native.ints("kevent", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);

  /** The same number on all machines that Linux runs on, but for Alpha. */
  private static final long SYS_PIDFD_OPEN = 434;

  private static final int F_SETFD = 2;
  private static final int F_SETFL = 4;
  private static final int FD_CLOEXEC = 1;
  private static final int BSD_O_NONBLOCK = 4;
  private static final int LINUX_PIPE_FLAGS = 0x800 | 0x80000;

  private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1);

  @Override
  public int close(int descriptor) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) CLOSE.invokeExact(error, descriptor), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int fcntl(int descriptor, int command, int argument) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) FCNTL.invokeExact(error, descriptor, command, argument), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long read(int descriptor, MemorySegment to) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          to.isNative()
              ? (long) READ.invokeExact(error, descriptor, to, to.byteSize())
              : (long) READ_HEAP.invokeExact(error, descriptor, to, to.byteSize()),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long write(int descriptor, MemorySegment from) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          from.isNative()
              ? (long) WRITE.invokeExact(error, descriptor, from, from.byteSize())
              : (long) WRITE_HEAP.invokeExact(error, descriptor, from, from.byteSize()),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long readv(int descriptor, MemorySegment vectors, int count) {
    MemorySegment error = Native.error();
    try {
      return Native.result((long) READV.invokeExact(error, descriptor, vectors, count), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long writev(int descriptor, MemorySegment vectors, int count) {
    MemorySegment error = Native.error();
    try {
      return Native.result((long) WRITEV.invokeExact(error, descriptor, vectors, count), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int pipe(MemorySegment descriptors) {
    MemorySegment error = Native.error();
    try {
      if (Native.LINUX) {
        return Native.result((int) PIPE2.invokeExact(error, descriptors, LINUX_PIPE_FLAGS), error);
      }
      int result = Native.result((int) PIPE.invokeExact(error, descriptors), error);
      for (int end = 0; end < 2 && result >= 0; end++) {
        int descriptor = descriptors.getAtIndex(JAVA_INT, end);
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        fcntl(descriptor, F_SETFL, BSD_O_NONBLOCK);
      }
      return result;
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) SOCKET.invokeExact(error, domain, type, protocol), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int socketpair(int domain, int type, int protocol, MemorySegment descriptors) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) SOCKETPAIR.invokeExact(error, domain, type, protocol, descriptors), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int bind(int descriptor, MemorySegment address) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) BIND.invokeExact(error, descriptor, address, (int) address.byteSize()), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int listen(int descriptor, int backlog) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) LISTEN.invokeExact(error, descriptor, backlog), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int accept4(int descriptor, MemorySegment address, MemorySegment length, int flags) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) ACCEPT4.invokeExact(error, descriptor, address, length, flags), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int connect(int descriptor, MemorySegment address) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) CONNECT.invokeExact(error, descriptor, address, (int) address.byteSize()), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int getsockopt(
      int descriptor, int level, int name, MemorySegment value, MemorySegment length) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) GETSOCKOPT.invokeExact(error, descriptor, level, name, value, length), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int setsockopt(int descriptor, int level, int name, MemorySegment value) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int)
              SETSOCKOPT.invokeExact(error, descriptor, level, name, value, (int) value.byteSize()),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) GETSOCKNAME.invokeExact(error, descriptor, address, length), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int getpeername(int descriptor, MemorySegment address, MemorySegment length) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) GETPEERNAME.invokeExact(error, descriptor, address, length), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long recv(int descriptor, MemorySegment to, int flags) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          to.isNative()
              ? (long) RECV.invokeExact(error, descriptor, to, to.byteSize(), flags)
              : (long) RECV_HEAP.invokeExact(error, descriptor, to, to.byteSize(), flags),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long send(int descriptor, MemorySegment from, int flags) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          from.isNative()
              ? (long) SEND.invokeExact(error, descriptor, from, from.byteSize(), flags)
              : (long) SEND_HEAP.invokeExact(error, descriptor, from, from.byteSize(), flags),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int shutdown(int descriptor, int how) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) SHUTDOWN.invokeExact(error, descriptor, how), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int eventfd(int initial, int flags) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) EVENTFD.invokeExact(error, initial, flags), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public long eventfdSignal(int descriptor) {
    return write(descriptor, ONE);
  }

  @Override
  public int epollCreate1(int flags) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) EPOLL_CREATE1.invokeExact(error, flags), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int epollCtl(int epoll, int operation, int descriptor, MemorySegment event) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) EPOLL_CTL.invokeExact(error, epoll, operation, descriptor, event), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int epollWait(int epoll, MemorySegment events, int capacity, int timeoutMillis) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          timeoutMillis == 0
              ? (int) EPOLL_WAIT_NOT.invokeExact(error, epoll, events, capacity, 0)
              : (int) EPOLL_WAIT.invokeExact(error, epoll, events, capacity, timeoutMillis),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int epollPwait2(int epoll, MemorySegment events, int capacity, MemorySegment timeout) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int)
              EPOLL_PWAIT2.invokeExact(error, epoll, events, capacity, timeout, MemorySegment.NULL),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int pidfdOpen(int pid, int flags) {
    if (!Native.LINUX) {
      return -Errno.ENOSYS;
    }
    MemorySegment error = Native.error();
    try {
      return (int)
          Native.result((long) PIDFD_OPEN.invokeExact(error, SYS_PIDFD_OPEN, pid, flags), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int schedSetaffinity(MemorySegment mask) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) SCHED_SETAFFINITY.invokeExact(error, 0, mask.byteSize(), mask), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int schedGetaffinity(MemorySegment mask) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) SCHED_GETAFFINITY.invokeExact(error, 0, mask.byteSize(), mask), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int prctl(int option, long argument) {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) PRCTL.invokeExact(error, option, argument), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int kqueue() {
    MemorySegment error = Native.error();
    try {
      return Native.result((int) KQUEUE.invokeExact(error), error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }

  @Override
  public int kevent(
      int kqueue,
      MemorySegment changes,
      int changeCount,
      MemorySegment events,
      int capacity,
      MemorySegment timeout) {
    MemorySegment error = Native.error();
    try {
      return Native.result(
          (int) KEVENT.invokeExact(error, kqueue, changes, changeCount, events, capacity, timeout),
          error);
    } catch (Throwable e) {
      throw Native.impossible(e);
    }
  }
}
