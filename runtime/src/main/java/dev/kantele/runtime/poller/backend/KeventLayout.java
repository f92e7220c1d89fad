package dev.kantele.runtime.poller.backend;

import java.util.Locale;

/**
 * Where the fields of {@code struct kevent} are ({@code sys/event.h}, 64 bits): {@code ident} at 0,
 * {@code filter} at 8, {@code flags} at 10, {@code fflags} at 12, {@code data} at 16, {@code udata}
 * at 24. FreeBSD, since 12, has four more words after them, and another number for {@code
 * EVFILT_USER}.
 *
 * @param size of one event, in bytes
 * @param userFilter {@code EVFILT_USER}
 */
record KeventLayout(int size, short userFilter) {
  static final KeventLayout MACOS = new KeventLayout(32, (short) -10);
  static final KeventLayout FREEBSD = new KeventLayout(64, (short) -11);

  static final int IDENT = 0;
  static final int FILTER = 8;
  static final int FLAGS = 10;
  static final int FFLAGS = 12;
  static final int DATA = 16;
  static final int UDATA = 24;

  static KeventLayout of(String osName) {
    return osName.toLowerCase(Locale.ROOT).equals("freebsd") ? FREEBSD : MACOS;
  }
}
