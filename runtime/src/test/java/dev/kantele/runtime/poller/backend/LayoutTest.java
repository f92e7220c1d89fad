package dev.kantele.runtime.poller.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void an_epoll_event_is_packed_on_x86_64_only() {
    assertThat(EpollLayout.of("amd64")).isEqualTo(new EpollLayout(12, 4));
    assertThat(EpollLayout.of("x86_64")).isEqualTo(new EpollLayout(12, 4));
    assertThat(EpollLayout.of("aarch64")).isEqualTo(new EpollLayout(16, 8));
    assertThat(EpollLayout.of("riscv64")).isEqualTo(new EpollLayout(16, 8));
  }

  @Test
  void a_kevent_is_longer_on_freebsd() {
    assertThat(KeventLayout.of("Mac OS X")).isEqualTo(new KeventLayout(32, (short) -10));
    assertThat(KeventLayout.of("FreeBSD")).isEqualTo(new KeventLayout(64, (short) -11));
  }
}
