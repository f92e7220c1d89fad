package dev.kantele.runtime.transport;

import dev.kantele.runtime.poller.backend.Errno;
import dev.kantele.runtime.poller.backend.NativeSyscalls;
import dev.kantele.runtime.poller.backend.SyscallException;
import dev.kantele.runtime.poller.backend.Syscalls;
import dev.kantele.runtime.poller.dispatcher.PollerLoops;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * TCP over IPv4 and IPv6, and Unix-domain sockets, on poll loops: the stream of a connection runs
 * on the thread that waits for its socket. On Linux.
 */
public final class NativeTcp implements Transport {
  private final List<Home> homes;
  private final Syscalls system;
  private final AtomicInteger next = new AtomicInteger();

  /** Why it can't be had in this process, in a clause; found out once. */
  private static final class Here {
    static final Optional<String> OBSTACLE = obstacle();

    private static Optional<String> obstacle() {
      String os = System.getProperty("os.name");
      String machine = System.getProperty("os.arch");
      if (!os.equals("Linux")) {
        return Optional.of("this is %s and no Linux".formatted(os));
      }
      if (!MACHINES.contains(machine)) {
        return Optional.of("this machine is %s (expected: x86-64 or aarch64)".formatted(machine));
      }
      if (!NativeTcp.class.getModule().isNativeAccessEnabled()) {
        return Optional.of("the JVM was started without --enable-native-access=ALL-UNNAMED");
      }
      var system = new NativeSyscalls();
      int epoll = system.epollCreate1(0);
      if (epoll < 0) {
        return Optional.of("the system refuses epoll: " + Errno.name(-epoll));
      }
      int _ = system.close(epoll);
      return Optional.empty();
    }
  }

  private static final Set<String> MACHINES = Set.of("amd64", "x86_64", "aarch64");

  private NativeTcp(List<Home> homes, Syscalls system) {
    if (homes.isEmpty()) {
      throw new IllegalArgumentException("homes: 0 (expected: 1..)");
    }
    this.homes = List.copyOf(homes);
    this.system = system;
  }

  /** Why it can't be had in this process, in a clause; empty: it can. */
  public static Optional<String> obstacle() {
    return Here.OBSTACLE;
  }

  /** The native transport of an actor system, on its poll loops, which begin now. */
  public static NativeTcp of(ActorSystem<?> system) {
    return of(system, new NativeSyscalls());
  }

  static NativeTcp of(ActorSystem<?> system, Syscalls syscalls) {
    PollerLoops loops = PollerLoops.of(system);
    return new NativeTcp(
        loops.dispatchers(PollerLoops.DISPATCHER).stream()
            .map(dispatcher -> new Home(loops.loop(dispatcher), dispatcher))
            .toList(),
        syscalls);
  }

  @Override
  public String name() {
    return "native";
  }

  @Override
  public Attributes home() {
    return homes.get(Math.floorMod(next.getAndIncrement(), homes.size())).attributes();
  }

  @Override
  public CompletionStage<Listener> listen(
      SocketAddress address, ListenOptions options, Acceptor acceptor) {
    var listening = new CompletableFuture<Listener>();
    homes
        .getFirst()
        .loop()
        .execute(
            () -> {
              try {
                listening.complete(opened(address, options, acceptor));
              } catch (IOException | RuntimeException e) {
                listening.completeExceptionally(e);
              }
            });
    return listening;
  }

  private Listener opened(SocketAddress address, ListenOptions options, Acceptor acceptor)
      throws IOException {
    NativeSocket socket = NativeSocket.open(system, address);
    try {
      socket.listen(address, options.backlog());
      var listener = new NativeListener(homes, socket, socket.address(), options, acceptor);
      listener.begin();
      return listener;
    } catch (SyscallException e) {
      socket.close();
      throw failure(address, e);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** In the words of the JDK, which those who tell people know. */
  private static SocketException failure(SocketAddress address, SyscallException cause) {
    String reason =
        switch (cause.errno()) {
          case Errno.EADDRINUSE -> "Address already in use";
          case Errno.EADDRNOTAVAIL -> "Cannot assign requested address";
          case Errno.EACCES, Errno.EPERM -> "Permission denied";
          default -> Errno.name(cause.errno());
        };
    var failure = new BindException("%s: %s".formatted(address, reason));
    failure.initCause(cause);
    return failure;
  }

  @Override
  public Flow<ByteString, ByteString, CompletionStage<SocketAddress>> connect(
      SocketAddress remote, ConnectOptions options) {
    return Flow.fromGraph(new ConnectStage(homes, system, remote, options));
  }
}
