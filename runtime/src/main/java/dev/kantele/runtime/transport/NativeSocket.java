package dev.kantele.runtime.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kantele.runtime.poller.backend.Errno;
import dev.kantele.runtime.poller.backend.SyscallException;
import dev.kantele.runtime.poller.backend.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;

/**
 * A socket that does not block, on Linux. Whoever has it closes it, once. A result below 0 is an
 * {@link Errno}, negated; {@link Errno#EINTR} is not among them. Not thread-safe.
 */
final class NativeSocket implements AutoCloseable {
  private static final int SOCK_STREAM = 1;
  private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SHUT_WR = 1;

  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_ERROR = 4;
  private static final int SO_SNDBUF = 7;
  private static final int SO_LINGER = 13;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  private final Syscalls system;
  private final int descriptor;
  private boolean closed;

  private NativeSocket(Syscalls system, int descriptor) {
    this.system = system;
    this.descriptor = descriptor;
  }

  /** A socket for connections to or from {@code address}. */
  static NativeSocket open(Syscalls system, SocketAddress address) throws SyscallException {
    int descriptor =
        system.socket(SocketAddresses.family(address), SOCK_STREAM | NONBLOCK_CLOEXEC, 0);
    return new NativeSocket(system, check("socket", descriptor));
  }

  int descriptor() {
    return descriptor;
  }

  /** Sets what every connection has. An option that the system does not take is left out. */
  void configure(boolean internet, int sendBufferBytes) {
    if (internet) {
      set(IPPROTO_TCP, TCP_NODELAY, 1);
    }
    if (sendBufferBytes > 0) {
      set(SOL_SOCKET, SO_SNDBUF, sendBufferBytes);
    }
  }

  /**
   * Listens.
   *
   * @throws SyscallException if the system refuses
   */
  void listen(SocketAddress address, int backlog) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      int family = SocketAddresses.family(address);
      if (family != SocketAddresses.AF_UNIX) {
        set(SOL_SOCKET, SO_REUSEADDR, 1);
      }
      if (family == SocketAddresses.AF_INET6) {
        set(IPPROTO_IPV6, IPV6_V6ONLY, 0);
      }
      check("bind", system.bind(descriptor, SocketAddresses.encode(address, arena)));
      check("listen", system.listen(descriptor, backlog));
    }
  }

  /** Begins to connect: 0, or {@link Errno#EINPROGRESS} if that goes on. */
  int connect(SocketAddress address) {
    try (Arena arena = Arena.ofConfined()) {
      int result = system.connect(descriptor, SocketAddresses.encode(address, arena));
      // Interrupted, it goes on all the same (connect(2)).
      return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
    }
  }

  /**
   * A connection that waits, or an {@link Errno}, negated.
   *
   * @param address gets the peer's
   * @param length an int, gets the address' length
   */
  int accept(MemorySegment address, MemorySegment length) {
    int result;
    do {
      length.set(JAVA_INT, 0, (int) address.byteSize());
      result = system.accept4(descriptor, address, length, NONBLOCK_CLOEXEC);
    } while (result == -Errno.EINTR || result == -Errno.ECONNABORTED);
    return result;
  }

  /** The socket of a descriptor that {@link #accept} has returned. */
  NativeSocket accepted(int connection) {
    return new NativeSocket(system, connection);
  }

  /** Its own address. */
  SocketAddress address() throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SocketAddresses.MAX_BYTES);
      MemorySegment length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
      check("getsockname", system.getsockname(descriptor, address, length));
      return SocketAddresses.decode(address, length.get(JAVA_INT, 0));
    }
  }

  /** Why it has failed, as an {@link Errno}; 0 if it has not. Asking makes it forget. */
  int error() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(JAVA_INT);
      MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
      int result = system.getsockopt(descriptor, SOL_SOCKET, SO_ERROR, error, length);
      return result < 0 ? -result : error.get(JAVA_INT, 0);
    }
  }

  /** Reads: the number of bytes, 0 at the end. */
  int read(MemorySegment to) {
    long result;
    do {
      result = system.recv(descriptor, to, 0);
    } while (result == -Errno.EINTR);
    return (int) result;
  }

  /** Writes: the number of bytes, which may be fewer than there are. */
  int write(MemorySegment from) {
    long result;
    do {
      result = system.send(descriptor, from, MSG_NOSIGNAL);
    } while (result == -Errno.EINTR);
    return (int) result;
  }

  /** Tells the peer that nothing more will be written. */
  int shutdownOutput() {
    return system.shutdown(descriptor, SHUT_WR);
  }

  /** Closes it so that the peer sees a connection that was reset. */
  void reset() {
    if (!closed) {
      try (Arena arena = Arena.ofConfined()) {
        // struct linger: on, for no time.
        MemorySegment linger = arena.allocateFrom(JAVA_INT, 1, 0);
        int _ = system.setsockopt(descriptor, SOL_SOCKET, SO_LINGER, linger);
      }
      close();
    }
  }

  /** Closes it. Does nothing the second time. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int _ = system.close(descriptor);
    }
  }

  /** A failure of a call on this socket. */
  SyscallException failure(String call, int result) {
    return new SyscallException(call + " on descriptor " + descriptor, result);
  }

  private void set(int level, int name, int value) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = system.setsockopt(descriptor, level, name, arena.allocateFrom(JAVA_INT, value));
    }
  }

  private static int check(String call, int result) throws SyscallException {
    if (result < 0) {
      throw new SyscallException(call, result);
    }
    return result;
  }
}
