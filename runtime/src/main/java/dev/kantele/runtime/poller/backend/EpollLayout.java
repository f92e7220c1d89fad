package dev.kantele.runtime.poller.backend;

import java.util.Locale;

/**
 * Where the fields of {@code struct epoll_event} are: {@code uint32_t events} at 0, and 64 bits of
 * data. On x86-64 the kernel declares it packed, so that it is as on 32 bits ({@code
 * linux/eventpoll.h}, {@code EPOLL_PACKED}); elsewhere the data is aligned.
 *
 * @param size of one event, in bytes
 * @param dataOffset of its data
 */
record EpollLayout(int size, int dataOffset) {
  static final EpollLayout X86_64 = new EpollLayout(12, 4);
  static final EpollLayout ALIGNED = new EpollLayout(16, 8);

  static EpollLayout of(String osArch) {
    return switch (osArch.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> X86_64;
      default -> ALIGNED;
    };
  }
}
