package dev.kantele.runtime.poller.backend;

/** The same with the longer events of FreeBSD. */
class FreeBsdKqueuePollerTest extends KqueuePollerTest {
  @Override
  KeventLayout layout() {
    return KeventLayout.FREEBSD;
  }
}
