package dev.kantele.runtime.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kantele.runtime.poller.ReadinessHandler;
import dev.kantele.runtime.poller.Registration;
import dev.kantele.runtime.poller.Timer;
import dev.kantele.runtime.poller.backend.Errno;
import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections on one loop and hands each to the next of all loops. Belongs to the thread of
 * its loop, but for {@link #address} and {@link #unbind}.
 *
 * <p>Where descriptors or memory are short, it takes none for a while: the connections wait in the
 * backlog, and the loop does not spin.
 */
final class NativeListener implements Listener, ReadinessHandler {
  private static final Logger log = LoggerFactory.getLogger(NativeListener.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Connections in a row, after which others of the loop have their turn. */
  private static final int ACCEPTS = 64;

  private final List<Home> homes;
  private final NativeSocket socket;
  private final SocketAddress address;
  private final ListenOptions options;
  private final Transport.Acceptor acceptor;
  private final Timer afterPause;
  private final CompletableFuture<Done> unbound = new CompletableFuture<>();
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment peer = arena.allocate(SocketAddresses.MAX_BYTES);
  private final MemorySegment peerBytes = arena.allocate(JAVA_INT);
  private @Nullable Registration registration;
  private Duration pause = SHORTEST_PAUSE;
  private boolean paused;
  private int connections;
  private int next;

  /**
   * A listener that takes nothing yet.
   *
   * @param homes the first is its own
   * @param socket listens; this listener's from now on
   */
  NativeListener(
      List<Home> homes,
      NativeSocket socket,
      SocketAddress address,
      ListenOptions options,
      Transport.Acceptor acceptor) {
    this.homes = homes;
    this.socket = socket;
    this.address = address;
    this.options = options;
    this.acceptor = acceptor;
    this.afterPause =
        homes
            .getFirst()
            .loop()
            .timer(
                _ -> {
                  paused = false;
                  watchIfWanted();
                });
  }

  /** Begins to take connections. */
  void begin() throws IOException {
    registration =
        homes.getFirst().loop().register(socket.descriptor(), Trigger.LEVEL, Interest.READ, this);
  }

  @Override
  public SocketAddress address() {
    return address;
  }

  @Override
  public void ready(Registration of, int readiness) {
    for (int i = 0; i < ACCEPTS && registration != null; i++) {
      if (connections >= options.maxConnections()) {
        watchIfWanted();
        return;
      }
      int result = socket.accept(peer, peerBytes);
      if (result == -Errno.EAGAIN) {
        return;
      }
      if (result < 0) {
        refused(result);
        return;
      }
      pause = SHORTEST_PAUSE;
      handOver(socket.accepted(result));
    }
  }

  /** The system gives no connection although there is one. */
  private void refused(int result) {
    if (pause.equals(SHORTEST_PAUSE)) {
      log.warn("No connection can be taken on {} for now: {}.", address, Errno.name(-result));
    }
    paused = true;
    afterPause.schedule(pause);
    pause = pause.multipliedBy(2);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    watchIfWanted();
  }

  private void watchIfWanted() {
    Registration watched = registration;
    if (watched == null) {
      return;
    }
    boolean wanted = !paused && connections < options.maxConnections();
    int interest = wanted ? Interest.READ : Interest.NONE;
    if (watched.interest() != interest) {
      try {
        watched.interest(interest);
      } catch (IOException e) {
        log.error("No more connections are taken on {}.", address, e);
        close();
      }
    }
  }

  private void handOver(NativeSocket taken) {
    SocketAddress remote = SocketAddresses.decode(peer, peerBytes.get(JAVA_INT, 0));
    Home home = homes.get(next);
    next = (next + 1) % homes.size();
    connections++;
    if (home.loop().inLoop()) {
      accept(taken, remote, home);
    } else {
      home.loop().execute(() -> accept(taken, remote, home));
    }
  }

  /** On the thread of {@code home}. */
  private void accept(NativeSocket socket, SocketAddress remote, Home home) {
    try {
      socket.configure(remote instanceof InetSocketAddress, options.sendBufferBytes());
      SocketAddress local = remote instanceof InetSocketAddress ? socket.address() : address;
      new TakenConnection(home, socket, local, remote, options.halfClose(), options.flushTimeout())
          .run(ByteString.emptyByteString(), ByteString.emptyByteString(), acceptor)
          .whenComplete((_, _) -> homes.getFirst().loop().execute(this::over));
    } catch (IOException e) {
      socket.reset();
      notRun(remote, e);
    } catch (RuntimeException e) {
      notRun(remote, e);
    }
  }

  private void notRun(SocketAddress remote, Exception cause) {
    log.error("The connection from {} could not be run.", remote, cause);
    homes.getFirst().loop().execute(this::over);
  }

  private void over() {
    connections--;
    watchIfWanted();
  }

  @Override
  public CompletionStage<Done> unbind() {
    homes.getFirst().loop().execute(this::close);
    return unbound.copy();
  }

  private void close() {
    Registration watched = registration;
    registration = null;
    if (watched != null) {
      watched.cancel();
      release();
    }
  }

  @Override
  public void released(Registration of) {
    registration = null;
    release();
  }

  private void release() {
    boolean _ = afterPause.cancel();
    socket.close();
    if (address instanceof UnixDomainSocketAddress unix) {
      try {
        Files.deleteIfExists(unix.getPath());
      } catch (IOException e) {
        log.warn("{} stays, although nobody listens there.", unix.getPath(), e);
      }
    }
    unbound.complete(Done.getInstance());
  }
}
