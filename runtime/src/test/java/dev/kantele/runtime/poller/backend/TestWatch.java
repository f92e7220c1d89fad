package dev.kantele.runtime.poller.backend;

import java.nio.channels.SelectableChannel;

/** A watch without an owner. */
final class TestWatch extends Watch {
  TestWatch(int descriptor, Trigger trigger, int interest) {
    super(descriptor, trigger, interest);
  }

  TestWatch(SelectableChannel channel, Trigger trigger, int interest) {
    super(channel, trigger, interest);
  }

  @Override
  public String toString() {
    return "TestWatch[" + source() + "]";
  }
}
