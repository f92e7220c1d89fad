package dev.kantele.runtime.transport;

import dev.kantele.runtime.poller.backend.Errno;
import dev.kantele.runtime.poller.backend.Readiness;
import dev.kantele.runtime.poller.backend.SyscallException;
import dev.kantele.runtime.poller.backend.Syscalls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** A connection to be made when it is run, on the loop of one of its homes. */
final class ConnectStage
    extends AbstractGraphStageWithMaterializedValue<
        FlowShape<ByteString, ByteString>, CompletionStage<SocketAddress>> {
  private static final String TIMER = "connect";

  private final FlowShape<ByteString, ByteString> shape =
      FlowShape.of(Inlet.create("socket.in"), Outlet.create("socket.out"));
  private final List<Home> homes;
  private final Syscalls system;
  private final SocketAddress remote;
  private final ConnectOptions options;

  ConnectStage(List<Home> homes, Syscalls system, SocketAddress remote, ConnectOptions options) {
    this.homes = homes;
    this.system = system;
    this.remote = remote;
    this.options = options;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<SocketAddress>> createLogicAndMaterializedValuePair(
      Attributes inheritedAttributes) {
    var local = new CompletableFuture<SocketAddress>();
    return Pair.create(new Logic(local), local);
  }

  private final class Logic extends SocketLogic {
    private final CompletableFuture<SocketAddress> local;
    private boolean inProgress;

    Logic(CompletableFuture<SocketAddress> local) {
      super(
          shape,
          homes,
          options.halfClose(),
          options.flushTimeout(),
          ByteString.emptyByteString(),
          ByteString.emptyByteString(),
          /* loan= */ null);
      this.local = local;
    }

    @Override
    NativeSocket open() throws IOException {
      try {
        NativeSocket socket = NativeSocket.open(system, remote);
        socket.configure(remote instanceof InetSocketAddress, options.sendBufferBytes());
        int result = socket.connect(remote);
        if (result < 0 && result != -Errno.EINPROGRESS) {
          socket.close();
          throw failure(result);
        }
        inProgress = result < 0;
        return socket;
      } catch (IOException | RuntimeException e) {
        local.completeExceptionally(e);
        throw e;
      }
    }

    @Override
    void begin(NativeSocket opened) {
      if (inProgress) {
        scheduleOnce(TIMER, options.connectTimeout());
      } else {
        established(opened);
      }
    }

    @Override
    void onReady(int readiness) {
      NativeSocket socket = socket();
      if (!inProgress || socket == null) {
        super.onReady(readiness);
        return;
      }
      int error = socket.error();
      if (error != 0) {
        failed(failure(-error));
      } else if ((readiness & Readiness.WRITE) != 0) {
        inProgress = false;
        cancelTimer(TIMER);
        super.onReady(readiness);
        established(socket);
      }
    }

    @Override
    void goOn(HandOver to) {
      throw new IllegalStateException("a connection that was made is not handed over", to);
    }

    private void established(NativeSocket socket) {
      try {
        local.complete(socket.address());
        connected();
      } catch (SyscallException e) {
        failed(e);
      }
    }

    @Override
    public void onTimer(Object key) {
      if (!key.equals(TIMER)) {
        super.onTimer(key);
      } else {
        failed(
            new SocketTimeoutException(
                "%s: no connection within %s".formatted(remote, options.connectTimeout())));
      }
    }

    private void failed(IOException cause) {
      local.completeExceptionally(cause);
      failStage(cause);
    }

    private ConnectException failure(int result) {
      var failure = new ConnectException("%s: %s".formatted(remote, Errno.name(-result)));
      failure.initCause(new SyscallException("connect", result));
      return failure;
    }

    @Override
    public void postStop() {
      super.postStop();
      local.completeExceptionally(new ConnectException(remote + ": the stream has ended"));
    }
  }
}
