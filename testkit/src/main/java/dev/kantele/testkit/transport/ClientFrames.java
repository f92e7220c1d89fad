package dev.kantele.testkit.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Frames of RFC 6455 as a client writes them, always masked, and takes them out of the bytes that a
 * server sent. Confined to one thread.
 */
final class ClientFrames {
  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private byte[] bytes = new byte[0];

  /** A frame of a server. */
  record Frame(int opcode, ByteString payload) {}

  static byte[] text(byte[] utf8) {
    return frame(TEXT, utf8);
  }

  static byte[] frame(int opcode, byte[] payload) {
    var out = new ByteArrayOutputStream(payload.length + 14);
    out.write(0x80 | opcode);
    int length = payload.length;
    if (length < 126) {
      out.write(0x80 | length);
    } else if (length <= 0xFFFF) {
      out.write(0x80 | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      out.write(0x80 | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    out.writeBytes(KEY);
    for (int i = 0; i < length; i++) {
      out.write(payload[i] ^ KEY[i % KEY.length]);
    }
    return out.toByteArray();
  }

  /** Takes in what came. */
  void offer(byte[] more) {
    byte[] both = new byte[bytes.length + more.length];
    System.arraycopy(bytes, 0, both, 0, bytes.length);
    System.arraycopy(more, 0, both, bytes.length, more.length);
    bytes = both;
  }

  /** The next whole frame. */
  Optional<Frame> next() {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() < 2) {
      return Optional.empty();
    }
    int opcode = in.get() & 0x0F;
    long length = in.get() & 0x7F;
    int more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (in.remaining() < more) {
      return Optional.empty();
    }
    if (more == 2) {
      length = in.getShort() & 0xFFFF;
    } else if (more == 8) {
      length = in.getLong();
    }
    if (in.remaining() < length) {
      return Optional.empty();
    }
    byte[] payload = new byte[(int) length];
    in.get(payload);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    bytes = rest;
    return Optional.of(new Frame(opcode, ByteString.fromArray(payload)));
  }
}
