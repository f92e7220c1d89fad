package dev.kantele.runtime.websocket.stage;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.transport.Loan;
import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.frame.CloseCode;
import dev.kantele.runtime.websocket.frame.FrameDecoder;
import dev.kantele.runtime.websocket.frame.FrameEncoder;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.Opcode;
import dev.kantele.runtime.websocket.frame.Role;
import dev.kantele.runtime.websocket.frame.Violation;
import dev.kantele.runtime.websocket.handshake.ClientHandshake;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connection. Holds at most one batch each way: what came is decoded when messages are asked
 * for, and the next batch to send is asked for when the last one is written.
 */
final class WebSocketLogic extends TimerGraphStageLogic {
  /** While more bytes of pongs wait to be written, nothing is read. */
  private static final int MAX_PONG_BYTES = 16 * 1024;

  private enum Timer {
    HANDSHAKE,
    CLOSE
  }

  private final WebSocketStage stage;
  private final Role role;
  private final Inlet<ByteString> bytesIn;
  private final Outlet<Frames> framesOut;
  private final Inlet<Frames> framesIn;
  private final Outlet<ByteString> bytesOut;
  private final CompletableFuture<ClientHandshake.Outcome.Accepted> upgraded =
      new CompletableFuture<>();
  private final CompletableFuture<CloseStatus> closed = new CompletableFuture<>();

  /** By which the socket lends what it reads; null: it does not. */
  private final @Nullable Loan loan;

  /** A client's handshake; null when it is done, and for a server. */
  private @Nullable ClientUpgrade upgrade;

  /** Not null once the connection is a WebSocket. */
  private @Nullable FrameDecoder decoder;

  private @Nullable FrameEncoder encoder;

  /** Messages that nobody has asked for yet; nothing is decoded while there are any. */
  private Frames received = Frames.NONE;

  /** What is written next, in this order. */
  private ByteString pongs = ByteString.emptyByteString();

  private ByteString batch = ByteString.emptyByteString();
  private ByteString closeFrame = ByteString.emptyByteString();

  private boolean closeSent;

  /** What answers the peer's close frame; null until that has come. */
  private @Nullable Frames closeEcho;

  /** Whether the peer went without a close frame. */
  private boolean lost;

  /** How the connection ends, once that is known. */
  private @Nullable CloseStatus status;

  WebSocketLogic(
      WebSocketStage stage, Role role, @Nullable ClientHandshake handshake, @Nullable Loan loan) {
    super(stage.shape());
    this.stage = stage;
    this.role = role;
    this.bytesIn = stage.bytesIn;
    this.framesOut = stage.framesOut;
    this.framesIn = stage.framesIn;
    this.bytesOut = stage.bytesOut;
    this.loan = loan;
    this.upgrade = handshake == null ? null : new ClientUpgrade(handshake);
    setHandler(bytesIn, new BytesIn());
    setHandler(framesOut, new FramesOut());
    setHandler(framesIn, new FramesIn());
    setHandler(bytesOut, new BytesOut());
  }

  ClientConnection connection() {
    return new ClientConnection(upgraded.minimalCompletionStage(), closed.minimalCompletionStage());
  }

  /** Makes it a WebSocket. */
  void begin(Optional<DeflateParameters> compression) {
    decoder = stage.decoder(role, compression);
    encoder = stage.encoder(compression);
  }

  @Override
  public void preStart() {
    if (upgrade != null) {
      batch = ByteString.fromArrayUnsafe(upgrade.handshake().head());
      scheduleOnce(Timer.HANDSHAKE, stage.settings.handshakeTimeout());
      pull(bytesIn);
    } else {
      pull(framesIn);
    }
  }

  @Override
  public void postStop() {
    if (decoder != null && encoder != null) {
      decoder.close();
      encoder.close();
    }
    closed.complete(
        status != null ? status : new CloseStatus(CloseStatus.LOST, "The stream ended.", false));
    upgraded.completeExceptionally(new WebSocketException(CloseStatus.LOST, "The stream ended."));
  }

  @Override
  public void onTimer(Object key) {
    switch ((Timer) key) {
      case HANDSHAKE -> fail("The server did not answer the request in time.");
      case CLOSE -> onCloseTimeout();
    }
  }

  private final class BytesIn extends AbstractInHandler {
    @Override
    public void onPush() {
      ByteString bytes = grab(bytesIn);
      if (upgrade != null) {
        onResponse(upgrade, bytes);
      } else {
        if (loan != null && loan.isOpen()) {
          onLoan(loan);
        } else {
          open().offer(bytes);
          read();
        }
      }
    }

    @Override
    public void onUpstreamFinish() {
      if (upgrade != null) {
        fail("The server closed the connection before it answered the request.");
      } else {
        // The decoder may hold what came before.
        read();
      }
    }

    @Override
    public void onUpstreamFailure(Throwable cause) {
      end(new CloseStatus(CloseStatus.LOST, "The connection broke.", /* byPeer= */ true));
      failStage(cause);
    }
  }

  private final class FramesOut extends AbstractOutHandler {
    @Override
    public void onPull() {
      read();
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      received = Frames.NONE;
      read();
    }
  }

  private final class FramesIn extends AbstractInHandler {
    @Override
    public void onPush() {
      Frames frames = grab(framesIn);
      if (!closeSent) {
        encode(frames);
        write();
      }
    }

    @Override
    public void onUpstreamFinish() {
      if (encoder != null) {
        closeNormally();
      }
    }

    @Override
    public void onUpstreamFailure(Throwable cause) {
      onSenderFailure(cause);
    }
  }

  private final class BytesOut extends AbstractOutHandler {
    @Override
    public void onPull() {
      write();
      read();
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      if (closeEcho == null || !closeSent) {
        onLost("The connection takes no more bytes.");
      }
      finishIfWritten();
    }
  }

  private void onResponse(ClientUpgrade client, ByteString bytes) {
    switch (client.offer(bytes)) {
      case ClientUpgrade.Progress.Incomplete _ -> pull(bytesIn);
      case ClientUpgrade.Progress.Failed(var reason) -> fail(reason);
      case ClientUpgrade.Progress.Done(var accepted, var rest) -> {
        upgrade = null;
        cancelTimer(Timer.HANDSHAKE);
        begin(accepted.compression());
        upgraded.complete(accepted);
        open().offer(rest);
        if (isClosed(framesIn)) {
          closeNormally();
        } else {
          pull(framesIn);
        }
        read();
      }
    }
  }

  /** Ends a connection that did not become a WebSocket. */
  private void fail(String reason) {
    var failure = new WebSocketException(CloseStatus.LOST, reason);
    end(new CloseStatus(CloseStatus.LOST, reason, /* byPeer= */ true));
    upgraded.completeExceptionally(failure);
    failStage(failure);
  }

  private void onLoan(Loan lent) {
    open().offer(lent.array(), 0, lent.length());
    read();
    open().keep();
    lent.giveBack();
  }

  private FrameDecoder open() {
    return requireNonNull(decoder);
  }

  /** Goes on with what has come, as far as somebody asks for it. */
  private void read() {
    if (upgrade != null) {
      return;
    }
    while (deliver() && mayRead()) {
      Frames frames = open().next();
      if (!frames.isEmpty()) {
        take(frames);
      } else {
        Violation violation = open().violation().orElse(null);
        if (violation != null) {
          onViolation(violation);
        } else {
          readMore();
          return;
        }
      }
    }
  }

  /** Hands over what was received; false if that is not asked for. */
  private boolean deliver() {
    if (!received.isEmpty()) {
      if (!isAvailable(framesOut)) {
        return false;
      }
      Frames messages = received;
      received = Frames.NONE;
      push(framesOut, messages);
    }
    if (closeEcho != null) {
      if (!isClosed(framesOut)) {
        complete(framesOut);
      }
      finishIfWritten();
    }
    return true;
  }

  private boolean mayRead() {
    return (isAvailable(framesOut) || isClosed(framesOut)) && pongs.length() < MAX_PONG_BYTES;
  }

  private void readMore() {
    if (isClosed(bytesIn)) {
      onInputEnd();
    } else if (!hasBeenPulled(bytesIn)) {
      pull(bytesIn);
    }
  }

  private void take(Frames frames) {
    if (!isClosed(framesOut)) {
      received = frames.messages();
    }
    if (frames.hasControl()) {
      for (int i = 0; i < frames.count(); i++) {
        switch (frames.opcode(i)) {
          case PING -> pong(frames, i);
          case CLOSE -> onPeerClose(frames, i);
          case PONG, TEXT, BINARY, CONTINUATION -> {}
        }
      }
      write();
    }
  }

  private void pong(Frames frames, int index) {
    if (!closeSent) {
      Frames pong = Frames.builder().pong(frames.payload(index)).build();
      pongs = pongs.concat(requireNonNull(encoder).encode(pong));
    }
  }

  private void onPeerClose(Frames frames, int index) {
    if (closeEcho != null) {
      return;
    }
    closeEcho = Frames.builder().closeEcho(frames, index).build();
    end(
        new CloseStatus(
            frames.closeCode(index).orElse(CloseStatus.NO_CODE),
            frames.closeReason(index),
            /* byPeer= */ true));
    startCloseTimer();
    if (!closeSent && isClosed(framesIn)) {
      close(closeEcho);
    }
  }

  private void onViolation(Violation violation) {
    open().discard();
    if (closeSent) {
      return;
    }
    end(new CloseStatus(violation.code().number(), violation.reason(), /* byPeer= */ false));
    close(Frames.close(violation.code().number(), violation.reason()));
    if (!isClosed(framesOut)) {
      fail(framesOut, new WebSocketException(violation.code().number(), violation.reason()));
    }
  }

  private void onInputEnd() {
    if (closeEcho == null) {
      onLost("The peer ended the connection without a close frame.");
    }
    finishIfWritten();
  }

  /** There is nobody to listen to any more; what is there is written if it can be. */
  private void onLost(String reason) {
    lost = true;
    end(new CloseStatus(CloseStatus.LOST, reason, /* byPeer= */ true));
    if (!isClosed(framesOut)) {
      fail(framesOut, new WebSocketException(CloseStatus.LOST, reason));
    }
    if (!isClosed(framesIn)) {
      cancel(framesIn);
    }
    startCloseTimer();
    finishIfWritten();
  }

  private void encode(Frames frames) {
    try {
      batch = requireNonNull(encoder).encode(frames);
    } catch (IllegalStateException e) {
      onSenderFailure(e);
      return;
    }
    if (frames.hasControl()) {
      for (int i = 0; i < frames.count(); i++) {
        if (frames.opcode(i) == Opcode.CLOSE) {
          end(
              new CloseStatus(
                  frames.closeCode(i).orElse(CloseStatus.NO_CODE),
                  frames.closeReason(i),
                  /* byPeer= */ false));
          sent();
        }
      }
    }
  }

  /** This side sends nothing more. */
  private void closeNormally() {
    if (closeSent) {
      return;
    }
    if (closeEcho != null) {
      close(closeEcho);
    } else {
      end(new CloseStatus(CloseCode.NORMAL.number(), "", /* byPeer= */ false));
      close(Frames.close(CloseCode.NORMAL.number(), ""));
    }
  }

  private void onSenderFailure(Throwable cause) {
    if (encoder == null || closeSent) {
      end(new CloseStatus(CloseStatus.LOST, "The sender failed.", /* byPeer= */ false));
      failStage(cause);
      return;
    }
    end(new CloseStatus(CloseCode.INTERNAL_ERROR.number(), "", /* byPeer= */ false));
    close(Frames.close(CloseCode.INTERNAL_ERROR.number(), ""));
    open().discard();
    received = Frames.NONE;
    if (!isClosed(framesOut)) {
      fail(framesOut, cause);
    }
    read();
  }

  private void close(Frames frame) {
    closeFrame = requireNonNull(encoder).encode(frame);
    sent();
    write();
  }

  /** The last frame of this side is written, or waits to be. */
  private void sent() {
    closeSent = true;
    startCloseTimer();
    if (!isClosed(framesIn)) {
      cancel(framesIn);
    }
  }

  private void write() {
    if (isAvailable(bytesOut)) {
      ByteString bytes = pongs.isEmpty() ? batch : pongs.concat(batch);
      if (!closeFrame.isEmpty()) {
        bytes = bytes.concat(closeFrame);
      }
      if (!bytes.isEmpty()) {
        pongs = ByteString.emptyByteString();
        batch = ByteString.emptyByteString();
        closeFrame = ByteString.emptyByteString();
        push(bytesOut, bytes);
      }
    }
    if (batch.isEmpty() && encoder != null && !isClosed(framesIn) && !hasBeenPulled(framesIn)) {
      pull(framesIn);
    }
    finishIfWritten();
  }

  /**
   * Ends the connection if there is nothing left to do. When both sides have closed, a server ends
   * its half and reads on to the end of the peer's, so that the close frame is not lost in a reset;
   * a client lets the server go first (section 7.1.1).
   */
  private void finishIfWritten() {
    boolean written =
        isClosed(bytesOut) || (pongs.isEmpty() && batch.isEmpty() && closeFrame.isEmpty());
    boolean bothClosed = closeEcho != null && closeSent && received.isEmpty();
    if (!written || !(lost || bothClosed)) {
      return;
    }
    closed.complete(requireNonNull(status));
    if (lost || isClosed(bytesIn)) {
      completeStage();
    } else if (role == Role.SERVER && !isClosed(bytesOut)) {
      complete(bytesOut);
    }
  }

  private void startCloseTimer() {
    if (!isTimerActive(Timer.CLOSE)) {
      scheduleOnce(Timer.CLOSE, stage.settings.closeTimeout());
    }
  }

  private void onCloseTimeout() {
    if (closeSent && closeEcho != null && closeFrame.isEmpty()) {
      completeStage();
    } else if (!closeSent && closeEcho != null) {
      // This side goes on sending to a peer that has closed.
      close(closeEcho);
    } else {
      failStage(new WebSocketException(CloseStatus.LOST, "The peer did not close in time."));
    }
  }

  private void end(CloseStatus how) {
    if (status == null) {
      status = how;
    }
  }
}
