package dev.kantele.runtime.transport;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** A connection that was taken, to be run once. */
final class SocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final FlowShape<ByteString, ByteString> shape =
      FlowShape.of(Inlet.create("socket.in"), Outlet.create("socket.out"));
  private final Home home;
  private final NativeSocket socket;
  private final boolean halfClose;
  private final Duration flushTimeout;
  private boolean run;

  SocketStage(Home home, NativeSocket socket, boolean halfClose, Duration flushTimeout) {
    this.home = home;
    this.socket = socket;
    this.halfClose = halfClose;
    this.flushTimeout = flushTimeout;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  /** Whether somebody has run it, so that the socket is the stream's to close. */
  boolean isRun() {
    return run;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    if (run) {
      throw new IllegalStateException("runs: 2 (expected: a connection is run once)");
    }
    run = true;
    return new SocketLogic(shape, List.of(home), halfClose, flushTimeout) {
      @Override
      NativeSocket open() {
        return socket;
      }

      @Override
      void begin(NativeSocket opened) {
        connected();
      }
    };
  }
}
