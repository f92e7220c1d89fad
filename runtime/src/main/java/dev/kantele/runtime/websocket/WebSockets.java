package dev.kantele.runtime.websocket;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Reply;
import dev.kantele.protocol.codec.CodecLimits;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * The WebSocket connections of a node. A transport does the HTTP upgrade and then joins {@link
 * #connection} with the bytes of the socket; everything from the first frame on is done here. Any
 * thread may call.
 */
public final class WebSockets {
  /** The subprotocol's name. */
  public static final String SUBPROTOCOL = "kantele.v1.json";

  private final NodeServices node;
  private final WebSocketSettings settings;
  private final Clock clock;
  private final WireCodec codec;
  private final Reply.Limits limits;
  private final Connections connections = new Connections();

  private WebSockets(NodeServices node, WebSocketSettings settings, Clock clock) {
    this.node = requireNonNull(node, "node");
    this.settings = requireNonNull(settings, "settings");
    this.clock = requireNonNull(clock, "clock");
    CodecLimits codecLimits = codecLimits(settings.maxMessageBytes());
    this.codec = new WireCodec(codecLimits);
    this.limits =
        new Reply.Limits(
            settings.maxMessageBytes(),
            codecLimits.contentParts(),
            settings.maxSubscriptions(),
            node.queuedTurns());
  }

  /** A node's connections; none yet. */
  public static WebSockets of(NodeServices node, WebSocketSettings settings, Clock clock) {
    return new WebSockets(node, settings, clock);
  }

  /** The codec of its messages, with its limits. */
  public WireCodec codec() {
    return codec;
  }

  /** Whether a further connection must be refused. */
  public boolean isFull() {
    return connections.size() >= settings.maxConnections();
  }

  /**
   * One connection, from the byte after the upgrade's response. What it writes completes when both
   * sides have closed, and it reads on to the end; it fails, so that the socket is to be reset,
   * when the peer did not close within the limit.
   *
   * @param remote where the connection comes from
   * @param compression what was agreed on in its handshake
   */
  public Flow<ByteString, ByteString, NotUsed> connection(
      InetAddress remote, Optional<DeflateParameters> compression) {
    return Flow.fromGraph(
        new ConnectionStage(
            node, settings, clock, codec, limits, connections, remote, compression));
  }

  /** How messages are compressed where the client can, if they are. */
  public Optional<DeflateSettings> compression() {
    return settings.compression() ? Optional.of(DeflateSettings.DEFAULT) : Optional.empty();
  }

  /**
   * Closes all connections with 1001, and those that begin from now on. Completes when none is
   * left: at the latest after the close time limit.
   */
  public CompletionStage<Done> drain() {
    return connections.drain();
  }

  private static CodecLimits codecLimits(int frameBytes) {
    CodecLimits standard = CodecLimits.DEFAULT;
    return new CodecLimits(
        frameBytes,
        standard.nestingLevels(),
        standard.stringCharacters(),
        standard.numberCharacters(),
        standard.arrayElements(),
        standard.objectFields(),
        standard.contentParts(),
        standard.tools());
  }
}
