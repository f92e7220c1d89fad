package dev.kantele.runtime.transport;

import java.util.List;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** A connection that was taken, for one of its streams; to be run once. */
final class SocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final FlowShape<ByteString, ByteString> shape =
      FlowShape.of(Inlet.create("socket.in"), Outlet.create("socket.out"));
  private final TakenConnection connection;
  private final ByteString unread;
  private final ByteString toSend;
  private boolean run;

  SocketStage(TakenConnection connection, ByteString unread, ByteString toSend) {
    this.connection = connection;
    this.unread = unread;
    this.toSend = toSend;
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
    return new Logic(inheritedAttributes.getAttribute(Loan.class).orElse(null));
  }

  private final class Logic extends SocketLogic {
    Logic(@Nullable Loan loan) {
      super(
          shape,
          List.of(connection.home()),
          connection.halfClose(),
          connection.flushTimeout(),
          unread,
          toSend,
          loan);
    }

    @Override
    NativeSocket open() {
      return connection.socket();
    }

    @Override
    void begin(NativeSocket opened) {
      connected();
    }

    @Override
    void goOn(HandOver to) {
      connection.goOn(to);
    }
  }
}
