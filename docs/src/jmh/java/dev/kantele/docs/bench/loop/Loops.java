package dev.kantele.docs.bench.loop;

import dev.kantele.runtime.poller.LoopSettings;
import dev.kantele.runtime.poller.LoopThread;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Ticker;
import dev.kantele.runtime.poller.backend.Backend;
import dev.kantele.runtime.poller.backend.NativeSyscalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The executors that are compared: what runs a task on one thread that may also wait for sockets.
 */
public enum Loops {
  /** Ours by epoll, as a node has it: one task in 64 is timed. */
  KANTELE {
    @Override
    Running start() {
      PollerLoop loop = loop(Backend.EPOLL);
      return new Running(loop, loop::close);
    }
  },
  /** Ours by NIO. */
  KANTELE_NIO {
    @Override
    Running start() {
      PollerLoop loop = loop(Backend.NIO);
      return new Running(loop, loop::close);
    }
  },
  NETTY_EPOLL {
    @Override
    Running start() {
      return netty(EpollIoHandler.newFactory());
    }
  },
  NETTY_NIO {
    @Override
    Running start() {
      return netty(NioIoHandler.newFactory());
    }
  },
  /** The JDK's, which waits for tasks only. */
  JDK_EXECUTOR {
    @Override
    Running start() {
      ExecutorService executor = Executors.newSingleThreadExecutor();
      return new Running(executor, executor::shutdownNow);
    }
  };

  /** An executor, and how to end it. */
  record Running(Executor executor, Runnable stop) {}

  abstract Running start();

  /** A loop of ours that runs on a thread of its own. */
  static PollerLoop loop(Backend backend) {
    try {
      var loop =
          new PollerLoop(
              LoopSettings.of("bench"),
              backend.open(),
              Ticker.system(),
              (what, thrown) -> {
                throw new IllegalStateException(what, thrown);
              });
      LoopThread.start(
          loop,
          /* daemon= */ true,
          OptionalInt.empty(),
          new NativeSyscalls(),
          (what, thrown) -> {
            throw new IllegalStateException(what, thrown);
          });
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Running netty(IoHandlerFactory io) {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
    return new Running(group.next(), () -> group.shutdownGracefully().awaitUninterruptibly());
  }
}
