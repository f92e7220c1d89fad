package dev.kantele.runtime.websocket.frame;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sends: bytes in, messages out, as strictly as RFC 6455 asks a server to.
 * Holds the piece that was offered last and one message at most, whose memory grows with what has
 * come, not with what a header announces. Confined to its connection's stream.
 *
 * <p>After a violation, after a close frame and after {@link #discard()} everything is skipped but
 * a close frame: the client can still answer a close, and the socket is read to its end.
 */
public final class FrameReader {
  /** A message buffer above this size is not kept for the next message. */
  private static final int KEPT_BYTES = 16 * 1024;

  private static final byte[] NONE = {};

  private final int maxMessageBytes;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  private ByteBuffer input = ByteBuffer.wrap(NONE);

  /** The frame being read; null between two frames. */
  private @Nullable FrameHeader header;

  /** Bytes of the frame's payload that have come. */
  private long payloadBytes;

  private final byte[] control = new byte[FrameHeader.MAX_CONTROL_BYTES];
  private byte[] message = NONE;
  private int messageBytes;
  private boolean inMessage;
  private boolean discarding;

  /** A reader of messages of at most {@code maxMessageBytes}, all fragments together. */
  public FrameReader(int maxMessageBytes) {
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException(
          "maxMessageBytes: " + maxMessageBytes + " (expected: at least 1)");
    }
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Adds bytes that came. To be called when {@link #next()} has nothing more. */
  public void offer(ByteString bytes) {
    ByteString all = input.hasRemaining() ? ByteString.fromByteBuffer(input).concat(bytes) : bytes;
    input = all.asByteBuffer();
  }

  /** Skips from now on all but a close frame. */
  public void discard() {
    discarding = true;
    message = NONE;
    messageBytes = 0;
  }

  /** The next thing that the bytes amount to, or nothing until more are offered. */
  public Optional<Incoming> next() {
    while (true) {
      if (header == null) {
        header = FrameHeader.read(input).orElse(null);
        if (header == null) {
          return Optional.empty();
        }
        payloadBytes = 0;
        Optional<Incoming> violation = discarding ? Optional.empty() : faultOf(header);
        if (violation.isPresent()) {
          discard();
          return violation;
        }
      }
      FrameHeader frame = requireNonNull(header);
      takePayload(frame);
      if (payloadBytes != frame.length()) {
        return Optional.empty();
      }
      header = null;
      Optional<Incoming> complete = end(frame);
      if (complete.isPresent()) {
        return complete;
      }
    }
  }

  /** What is wrong with a frame by its header alone. */
  private Optional<Incoming> faultOf(FrameHeader frame) {
    if (frame.reserved() != 0) {
      return protocolError("Reserved bits are set, but no extension was agreed on.");
    }
    if (!frame.isKnown()) {
      return protocolError("Opcode " + frame.opcode() + " is reserved.");
    }
    if (!frame.masked()) {
      return protocolError("A client must mask its frames.");
    }
    if (frame.length() < 0 || !frame.minimal()) {
      return protocolError("The frame's length is not written in as few bytes as it can be.");
    }
    if (frame.isControl()) {
      return frame.fin() && frame.length() <= FrameHeader.MAX_CONTROL_BYTES
          ? Optional.empty()
          : protocolError("A control frame is one frame of at most 125 bytes.");
    }
    if (frame.opcode() == FrameHeader.BINARY) {
      return violation(CloseCode.UNSUPPORTED_DATA, "Messages are text (expected: JSON).");
    }
    if (inMessage != (frame.opcode() == FrameHeader.CONTINUATION)) {
      return protocolError(
          inMessage
              ? "A message began before the one before it ended."
              : "A continuation came without a message to continue.");
    }
    if (frame.length() > maxMessageBytes - messageBytes) {
      return violation(
          CloseCode.MESSAGE_TOO_BIG,
          "A message may have " + maxMessageBytes + " bytes at the most.");
    }
    return Optional.empty();
  }

  private void takePayload(FrameHeader frame) {
    long left = frame.length() - payloadBytes;
    // Of a length with its highest bit set, 2^63 or more is left, whatever came.
    int bytes = (int) (left < 0 ? input.remaining() : Math.min(left, input.remaining()));
    if (discarding) {
      input.position(input.position() + bytes);
    } else if (frame.isControl()) {
      take(frame, control, (int) payloadBytes, bytes);
    } else {
      ensureRoom(messageBytes + bytes);
      take(frame, message, messageBytes, bytes);
      messageBytes += bytes;
    }
    payloadBytes += bytes;
  }

  private void take(FrameHeader frame, byte[] to, int at, int bytes) {
    input.get(to, at, bytes);
    Masking.apply(to, at, at + bytes, frame.mask(), payloadBytes);
  }

  private void ensureRoom(int bytes) {
    if (message.length < bytes) {
      long doubled = Math.min(2L * message.length, maxMessageBytes);
      message = Arrays.copyOf(message, (int) Math.max(bytes, doubled));
    }
  }

  private Optional<Incoming> end(FrameHeader frame) {
    if (discarding) {
      return frame.opcode() == FrameHeader.CLOSE
          ? Optional.of(new Incoming.Close(OptionalInt.empty()))
          : Optional.empty();
    }
    int bytes = (int) payloadBytes;
    return switch (frame.opcode()) {
      case FrameHeader.PING ->
          Optional.of(new Incoming.Ping(ByteString.fromArray(control, 0, bytes)));
      case FrameHeader.PONG -> Optional.of(new Incoming.Pong());
      case FrameHeader.CLOSE -> close(bytes);
      default -> fragment(frame.fin());
    };
  }

  private Optional<Incoming> close(int bytes) {
    discard();
    if (bytes == 0) {
      return Optional.of(new Incoming.Close(OptionalInt.empty()));
    }
    if (bytes == 1) {
      return protocolError("A close frame's code has two bytes.");
    }
    int code = ((control[0] & 0xFF) << 8) | (control[1] & 0xFF);
    if (!CloseCode.isSendable(code)) {
      return protocolError("Close code " + code + " must not be sent.");
    }
    if (decode(ByteBuffer.wrap(control, 2, bytes - 2)).isEmpty()) {
      return invalidText();
    }
    return Optional.of(new Incoming.Close(OptionalInt.of(code)));
  }

  private Optional<Incoming> fragment(boolean last) {
    inMessage = !last;
    if (!last) {
      return Optional.empty();
    }
    Optional<String> text = decode(ByteBuffer.wrap(message, 0, messageBytes));
    messageBytes = 0;
    if (message.length > KEPT_BYTES) {
      message = NONE;
    }
    if (text.isEmpty()) {
      discard();
      return invalidText();
    }
    return text.map(Incoming.Text::new);
  }

  private Optional<String> decode(ByteBuffer bytes) {
    try {
      return Optional.of(utf8.decode(bytes).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static Optional<Incoming> invalidText() {
    return violation(CloseCode.INVALID_TEXT, "The text is not valid UTF-8.");
  }

  private static Optional<Incoming> protocolError(String reason) {
    return violation(CloseCode.PROTOCOL_ERROR, reason);
  }

  private static Optional<Incoming> violation(CloseCode code, String reason) {
    return Optional.of(new Incoming.Violation(code, reason));
  }
}
