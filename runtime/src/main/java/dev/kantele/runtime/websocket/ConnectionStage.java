package dev.kantele.runtime.websocket;

import dev.kantele.protocol.Reply;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** A connection as a stage between the bytes that come and the bytes that go. */
final class ConnectionStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  final Inlet<ByteString> in = Inlet.create("connection.in");
  final Outlet<ByteString> out = Outlet.create("connection.out");

  final NodeServices node;
  final WebSocketSettings settings;
  final Clock clock;
  final WireCodec codec;
  final Reply.Limits limits;
  final Connections connections;
  final InetAddress remote;
  final Optional<DeflateParameters> compression;

  ConnectionStage(
      NodeServices node,
      WebSocketSettings settings,
      Clock clock,
      WireCodec codec,
      Reply.Limits limits,
      Connections connections,
      InetAddress remote,
      Optional<DeflateParameters> compression) {
    this.node = node;
    this.settings = settings;
    this.clock = clock;
    this.codec = codec;
    this.limits = limits;
    this.connections = connections;
    this.remote = remote;
    this.compression = compression;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new ConnectionLogic(this);
  }
}
