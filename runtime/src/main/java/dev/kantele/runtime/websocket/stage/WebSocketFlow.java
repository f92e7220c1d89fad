package dev.kantele.runtime.websocket.stage;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.handshake.ClientHandshake;
import dev.kantele.runtime.websocket.handshake.ClientRequest;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * WebSocket over the bytes of a connection: on one side what the socket reads and writes, on the
 * other the messages, in batches. What came with one read is one element, but for what follows the
 * end of a large message; one element becomes one write. An echo server is {@code server(settings,
 * agreed).join(Flow.create())}.
 *
 * <p>Messages come in their order and without control frames: pings are answered, and a close is,
 * too. Whoever wants to send a ping, or a close with a code of his own, puts it into a batch.
 *
 * <ul>
 *   <li>When the peer closes, the stream of messages completes; when this side's stream of messages
 *       completes as well, the peer's close is answered. Completing it first closes with 1000, and
 *       failing it with 1011.
 *   <li>When the peer breaks a rule or a limit it is told so by a close frame, and the stream of
 *       messages fails with {@link WebSocketException}, after the messages that came before; so it
 *       does when the connection ends without a close.
 *   <li>Who cancels the stream of messages gets none, and the connection lives on.
 *   <li>Nothing is read while nobody asks for messages; not even pings are, then.
 *   <li>A peer that does not answer a close, or a side that does not end when the peer has closed,
 *       is given the time limit; then the stage fails, and the socket is to be reset.
 * </ul>
 *
 * <p>A stage reads the bytes that it is given before it asks for the next ones, and does not keep
 * them: a transport may hand over the same array again and again. What it emits is never written
 * again (see {@link Frames}).
 */
public final class WebSocketFlow {
  /**
   * A server's side, from the byte after the response to the upgrade. Materialises how the
   * connection ended; that never fails. When both sides have closed, the bytes that are written
   * complete; the stage lives until those that are read do, or the time limit comes.
   *
   * @param agreed on in the handshake
   */
  public static BidiFlow<ByteString, Frames, Frames, ByteString, CompletionStage<CloseStatus>>
      server(StageSettings settings, Optional<DeflateParameters> agreed) {
    return BidiFlow.fromGraph(new WebSocketStage(settings, agreed, null, null))
        .mapMaterializedValue(ClientConnection::closed);
  }

  /**
   * A client's side, from the first byte of the connection on: it asks for the upgrade and checks
   * the response before a message goes out.
   *
   * @param random for the handshake's key and the masks
   */
  public static BidiFlow<ByteString, Frames, Frames, ByteString, ClientConnection> client(
      StageSettings settings, ClientRequest request, SecureRandom random) {
    return BidiFlow.fromGraph(
        new WebSocketStage(
            settings, Optional.empty(), () -> ClientHandshake.of(request, random), random));
  }

  /** A client over a transport that connects when it is materialised: messages in, messages out. */
  public static Flow<Frames, Frames, ClientConnection> connect(
      Flow<ByteString, ByteString, ?> transport,
      StageSettings settings,
      ClientRequest request,
      SecureRandom random) {
    return client(settings, request, random).reversed().join(transport);
  }

  private WebSocketFlow() {}
}
