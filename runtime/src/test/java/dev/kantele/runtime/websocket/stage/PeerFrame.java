package dev.kantele.runtime.websocket.stage;

import dev.kantele.runtime.websocket.frame.ClientFrames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A frame that a test's peer sends, to a server or to a client. */
final class PeerFrame {
  private final int first;
  private final byte[] payload;

  /** A frame; {@code first} is its first byte on the wire: FIN, reserved bits and opcode. */
  PeerFrame(int first, byte[] payload) {
    this.first = first;
    this.payload = payload;
  }

  static PeerFrame text(String text) {
    return new PeerFrame(0x81, utf8(text));
  }

  static PeerFrame binary(byte[] payload) {
    return new PeerFrame(0x82, payload);
  }

  static PeerFrame hex(int first, String payload) {
    return new PeerFrame(first, HexFormat.of().parseHex(payload));
  }

  static PeerFrame frame(int first, String payload) {
    return new PeerFrame(first, utf8(payload));
  }

  static PeerFrame ping(String data) {
    return frame(0x89, data);
  }

  static PeerFrame close(int code, String reason) {
    byte[] text = utf8(reason);
    return new PeerFrame(
        0x88, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  int payloadBytes() {
    return payload.length;
  }

  byte[] wire(boolean masked) {
    byte[] frame =
        masked ? ClientFrames.frame(false, 0, payload) : ClientFrames.unmasked(false, 0, payload);
    return ClientFrames.with(first, frame);
  }

  @Override
  public String toString() {
    String hex = HexFormat.of().formatHex(payload);
    return "%02x:%s".formatted(first, hex.length() > 24 ? payload.length + " bytes" : hex);
  }
}
