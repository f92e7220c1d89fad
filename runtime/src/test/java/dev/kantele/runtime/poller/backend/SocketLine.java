package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A pair of connected Unix-domain sockets. */
final class SocketLine implements Line {
  static final int AF_UNIX = 1;
  static final int SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0x800 | 0x80000;

  private final Syscalls system = new NativeSyscalls();
  final int here;
  final int there;
  private boolean thereIsOpen = true;

  SocketLine() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(8, 4);
      assertThat(system.socketpair(AF_UNIX, SOCK_STREAM_NONBLOCK_CLOEXEC, 0, pair)).isZero();
      here = pair.getAtIndex(JAVA_INT, 0);
      there = pair.getAtIndex(JAVA_INT, 1);
    }
  }

  @Override
  public Watch watch(Trigger trigger, int interest) {
    return new TestWatch(here, trigger, interest);
  }

  @Override
  public void send() {
    assertThat(system.write(there, MemorySegment.ofArray(new byte[1]))).isEqualTo(1);
  }

  @Override
  public void drain() {
    drain(here);
  }

  @Override
  public void drainOther() {
    drain(there);
  }

  private void drain(int descriptor) {
    MemorySegment buffer = MemorySegment.ofArray(new byte[65_536]);
    long read;
    do {
      read = system.read(descriptor, buffer);
    } while (read > 0);
  }

  @Override
  public void fill() {
    MemorySegment buffer = MemorySegment.ofArray(new byte[65_536]);
    long written;
    do {
      written = system.write(here, buffer);
    } while (written > 0);
    assertThat(written).isEqualTo(-Errno.EAGAIN);
  }

  @Override
  public void hangUp() {
    if (thereIsOpen) {
      system.close(there);
      thereIsOpen = false;
    }
  }

  @Override
  public void close() {
    hangUp();
    system.close(here);
  }
}
