package dev.kantele.runtime.poller.backend;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's {@link Selector}: channels of this JVM only, no descriptors, no {@link Trigger#EDGE},
 * and time in whole milliseconds. A hang-up is told as ready to read. A socket that connects is
 * ready to write when it is connected; after {@code finishConnect} its owner sets the interest
 * anew.
 */
public final class NioPoller implements Poller {
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Selector selector;

  /** Made once, so that a wait makes no garbage of its own. */
  private final Consumer<SelectionKey> collect = this::collect;

  private @Nullable Ready found;

  private NioPoller(Selector selector) {
    this.selector = selector;
  }

  /** Opens one. */
  public static NioPoller open() throws IOException {
    return new NioPoller(Selector.open());
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public void add(Watch watch) throws IOException {
    @Nullable SelectableChannel channel = watch.channel;
    if (channel == null) {
      throw new UnsupportedOperationException(
          watch.source() + ": this back end watches channels of the JDK only");
    }
    if (watch.trigger == Trigger.EDGE) {
      throw new UnsupportedOperationException(
          watch.source() + ": this back end knows LEVEL and ONE_SHOT only");
    }
    @Nullable SelectionKey before = channel.keyFor(selector);
    if (before != null && before.isValid()) {
      throw new IllegalStateException(
          watch.source() + " is registered already: " + before.attachment());
    }
    if (before != null) {
      // A key that was cancelled leaves with the next wait; what is ready now is found again.
      selector.selectNow(_ -> {});
    }
    channel.register(selector, operations(channel, watch.interest), watch);
    watch.watched = true;
  }

  @Override
  public void update(Watch watch, int interest) throws IOException {
    @Nullable SelectionKey key = key(watch);
    if (!watch.watched || key == null) {
      throw new IllegalStateException(watch + " is not registered");
    }
    try {
      key.interestOps(operations(key.channel(), interest));
    } catch (CancelledKeyException _) {
      throw new ClosedChannelException();
    }
    watch.interest = interest;
  }

  @Override
  public void remove(Watch watch) {
    @Nullable SelectionKey key = key(watch);
    watch.watched = false;
    if (key != null && watch.equals(key.attachment())) {
      key.cancel();
    }
  }

  @Override
  public void poll(long timeoutNanos, Ready ready) throws IOException {
    // An interrupt means nothing to a loop, but would end each wait at once.
    Thread.interrupted();
    found = ready;
    try {
      if (timeoutNanos <= 0) {
        selector.selectNow(collect);
      } else if (timeoutNanos == FOREVER) {
        selector.select(collect);
      } else {
        selector.select(collect, Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI));
      }
    } catch (ClosedSelectorException e) {
      throw new IOException("the selector is closed", e);
    } finally {
      found = null;
    }
  }

  @Override
  public boolean wakeup() {
    selector.wakeup();
    return true;
  }

  @Override
  public void close() throws IOException {
    if (selector.isOpen()) {
      for (SelectionKey key : selector.keys()) {
        ((Watch) key.attachment()).watched = false;
      }
      selector.close();
    }
  }

  private void collect(SelectionKey key) {
    @Nullable Ready ready = found;
    if (ready == null || !(key.attachment() instanceof Watch watch) || !watch.watched) {
      return;
    }
    try {
      int readiness = readiness(key.readyOps());
      if (watch.trigger == Trigger.ONE_SHOT) {
        key.interestOps(0);
      }
      ready.add(watch, readiness);
    } catch (CancelledKeyException _) {
      // The owner closed the channel meanwhile.
    }
  }

  private @Nullable SelectionKey key(Watch watch) {
    return watch.channel == null || !selector.isOpen() ? null : watch.channel.keyFor(selector);
  }

  private static int operations(SelectableChannel channel, int interest) {
    int operations = 0;
    if ((interest & Interest.READ) != 0) {
      operations |= SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    }
    if ((interest & Interest.WRITE) != 0) {
      operations |= SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
    }
    return operations & channel.validOps() & ~unfit(channel);
  }

  /** A socket is asked either whether it is connected or whether it takes bytes: not both. */
  private static int unfit(SelectableChannel channel) {
    if (channel instanceof SocketChannel socket) {
      return socket.isConnectionPending() ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
    }
    return 0;
  }

  private static int readiness(int operations) {
    int readiness = 0;
    if ((operations & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
      readiness |= Readiness.READ;
    }
    if ((operations & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
      readiness |= Readiness.WRITE;
    }
    return readiness;
  }
}
