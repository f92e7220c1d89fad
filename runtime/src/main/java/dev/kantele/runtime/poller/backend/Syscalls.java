package dev.kantele.runtime.poller.backend;

import java.lang.foreign.MemorySegment;

/**
 * The system calls that loops and sockets need, one method each, with the system's own arguments.
 * {@link NativeSyscalls} is the system; tests put in what it should do.
 *
 * <p>A result below 0 is an {@link Errno}, negated, as the kernel itself returns it. None of them
 * retries on {@link Errno#EINTR}. All may be called by any thread.
 *
 * <p>Segments must stay alive during the call. Those of {@link #read}, {@link #write}, {@link
 * #recv} and {@link #send} may also be on the heap, for descriptors that do not block: the garbage
 * collector waits for such a call to end. A segment's size bounds the bytes.
 */
public interface Syscalls {

  /* Any descriptor. */

  /** {@code close(2)}. On Linux the descriptor is gone even if this returns an error. */
  int close(int descriptor);

  /** {@code fcntl(2)}. */
  int fcntl(int descriptor, int command, int argument);

  /** {@code read(2)}: the number of bytes, 0 at the end. */
  long read(int descriptor, MemorySegment to);

  /** {@code write(2)}: the number of bytes, which may be fewer than there are. */
  long write(int descriptor, MemorySegment from);

  /** {@code readv(2)}; {@code vectors} are {@code count} of {@code struct iovec}. */
  long readv(int descriptor, MemorySegment vectors, int count);

  /** {@code writev(2)}; {@code vectors} are {@code count} of {@code struct iovec}. */
  long writev(int descriptor, MemorySegment vectors, int count);

  /** {@code pipe(2)} with {@code O_NONBLOCK} and {@code O_CLOEXEC}: two ints, read end first. */
  int pipe(MemorySegment descriptors);

  /* Sockets. */

  /** {@code socket(2)}. */
  int socket(int domain, int type, int protocol);

  /** {@code socketpair(2)}: two ints. */
  int socketpair(int domain, int type, int protocol, MemorySegment descriptors);

  /** {@code bind(2)}; the address' length is the segment's. */
  int bind(int descriptor, MemorySegment address);

  /** {@code listen(2)}. */
  int listen(int descriptor, int backlog);

  /**
   * {@code accept4(2)}; {@code address} and the int {@code length} may be {@link
   * MemorySegment#NULL}.
   */
  int accept4(int descriptor, MemorySegment address, MemorySegment length, int flags);

  /** {@code connect(2)}; the address' length is the segment's. */
  int connect(int descriptor, MemorySegment address);

  /** {@code getsockopt(2)}; {@code length} is an int, in and out. */
  int getsockopt(int descriptor, int level, int name, MemorySegment value, MemorySegment length);

  /** {@code setsockopt(2)}; the value's length is the segment's. */
  int setsockopt(int descriptor, int level, int name, MemorySegment value);

  /** {@code getsockname(2)}; {@code length} is an int, in and out. */
  int getsockname(int descriptor, MemorySegment address, MemorySegment length);

  /** {@code getpeername(2)}; {@code length} is an int, in and out. */
  int getpeername(int descriptor, MemorySegment address, MemorySegment length);

  /** {@code recv(2)}: the number of bytes, 0 at the end. */
  long recv(int descriptor, MemorySegment to, int flags);

  /** {@code send(2)}: the number of bytes, which may be fewer than there are. */
  long send(int descriptor, MemorySegment from, int flags);

  /** {@code shutdown(2)}. */
  int shutdown(int descriptor, int how);

  /* Linux. */

  /** {@code eventfd(2)}. */
  int eventfd(int initial, int flags);

  /** Writes 1 to an eventfd that does not block. */
  long eventfdSignal(int descriptor);

  /** {@code epoll_create1(2)}. */
  int epollCreate1(int flags);

  /** {@code epoll_ctl(2)}. */
  int epollCtl(int epoll, int operation, int descriptor, MemorySegment event);

  /**
   * {@code epoll_wait(2)}; -1 waits for ever, 0 not at all and then is called as one that is short.
   */
  int epollWait(int epoll, MemorySegment events, int capacity, int timeoutMillis);

  /**
   * {@code epoll_pwait2(2)} without a signal mask; {@code timeout} is a {@code struct timespec}.
   * {@link Errno#ENOSYS} where kernel or C library have none.
   */
  int epollPwait2(int epoll, MemorySegment events, int capacity, MemorySegment timeout);

  /** {@code pidfd_open(2)}: a descriptor that is ready to read when the process has ended. */
  int pidfdOpen(int pid, int flags);

  /** {@code sched_setaffinity(2)} of the calling thread. */
  int schedSetaffinity(MemorySegment mask);

  /** {@code sched_getaffinity(2)} of the calling thread. */
  int schedGetaffinity(MemorySegment mask);

  /** {@code prctl(2)} with one argument, of the calling thread. */
  int prctl(int option, long argument);

  /* macOS and BSD. */

  /** {@code kqueue(2)}. */
  int kqueue();

  /** {@code kevent(2)}; {@code timeout} is a {@code struct timespec} or null, for ever. */
  int kevent(
      int kqueue,
      MemorySegment changes,
      int changeCount,
      MemorySegment events,
      int capacity,
      MemorySegment timeout);
}
