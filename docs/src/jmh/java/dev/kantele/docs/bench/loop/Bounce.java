package dev.kantele.docs.bench.loop;

import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Registration;
import dev.kantele.runtime.poller.backend.Backend;
import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.NativeSyscalls;
import dev.kantele.runtime.poller.backend.Syscalls;
import dev.kantele.runtime.poller.backend.Trigger;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A byte that goes to and fro between the two ends of a connection, both on one loop: for each way
 * a wait, a readiness told to its handler, a read and a write. Ours is a pair of sockets in the
 * system's own terms, Netty's two channels over loopback TCP, so the kernel's part differs: compare
 * the bytes allocated, and take the time as an upper bound of what the dispatch costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class Bounce {
  private static final int WAYS = 10_000;

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;

  /** Who bounces. */
  public enum Bouncer {
    KANTELE,
    NETTY_EPOLL,
    NETTY_NIO
  }

  @Param private Bouncer bouncer = Bouncer.KANTELE;

  private final Semaphore done = new Semaphore(0);
  private int left;
  private Runnable kick = () -> {};
  private Runnable stop = () -> {};

  @Setup
  public void start() throws Exception {
    switch (bouncer) {
      case KANTELE -> startOurs();
      case NETTY_EPOLL ->
          startNetty(
              new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()),
              EpollServerSocketChannel.class,
              EpollSocketChannel.class);
      case NETTY_NIO ->
          startNetty(
              new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
              NioServerSocketChannel.class,
              NioSocketChannel.class);
    }
  }

  @TearDown
  public void stop() {
    stop.run();
  }

  @Benchmark
  @OperationsPerInvocation(WAYS)
  public void bounce() throws InterruptedException {
    kick.run();
    done.acquire();
  }

  /** Called on the loop for each arrival; true if the byte goes on. */
  private boolean arrived() {
    if (--left > 0) {
      return true;
    }
    done.release();
    return false;
  }

  private void startOurs() throws InterruptedException {
    Syscalls syscalls = new NativeSyscalls();
    PollerLoop loop = Loops.loop(Backend.EPOLL);
    MemorySegment pair = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, 2);
    if (syscalls.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) < 0) {
      throw new IllegalStateException("socketpair failed");
    }
    int first = pair.getAtIndex(ValueLayout.JAVA_INT, 0);
    int second = pair.getAtIndex(ValueLayout.JAVA_INT, 1);
    MemorySegment octet = Arena.ofAuto().allocate(1);
    var registered = new Semaphore(0);
    loop.execute(
        () -> {
          try {
            loop.register(first, Trigger.EDGE, Interest.READ, bounceOurs(syscalls, first, octet));
            loop.register(second, Trigger.EDGE, Interest.READ, bounceOurs(syscalls, second, octet));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          registered.release();
        });
    registered.acquire();
    Runnable serve =
        () -> {
          left = WAYS;
          syscalls.write(first, octet);
        };
    kick = () -> loop.execute(serve);
    stop =
        () -> {
          loop.close();
          syscalls.close(first);
          syscalls.close(second);
        };
  }

  private dev.kantele.runtime.poller.ReadinessHandler bounceOurs(
      Syscalls syscalls, int descriptor, MemorySegment octet) {
    return (Registration _, int _) -> {
      if (syscalls.read(descriptor, octet) == 1 && arrived()) {
        syscalls.write(descriptor, octet);
      }
    };
  }

  private void startNetty(
      EventLoopGroup group,
      Class<? extends ServerChannel> server,
      Class<? extends Channel> client) {
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channel(server)
            .childHandler(new NettyBounce())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    Channel connected =
        new Bootstrap()
            .group(group)
            .channel(client)
            .handler(new NettyBounce())
            .connect(listening.localAddress())
            .syncUninterruptibly()
            .channel();
    kick =
        () ->
            connected
                .eventLoop()
                .execute(
                    () -> {
                      left = WAYS;
                      var _ =
                          connected.writeAndFlush(
                              connected.alloc().buffer(1).writeByte(1), connected.voidPromise());
                    });
    stop = () -> group.shutdownGracefully().awaitUninterruptibly();
  }

  @ChannelHandler.Sharable
  private final class NettyBounce extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (arrived()) {
        var _ = context.writeAndFlush(message, context.voidPromise());
      } else {
        io.netty.util.ReferenceCountUtil.release(message);
      }
    }
  }
}
