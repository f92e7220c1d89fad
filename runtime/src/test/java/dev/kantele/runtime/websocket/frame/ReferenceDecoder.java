package dev.kantele.runtime.websocket.frame;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RFC 6455 read literally, a byte at a time and with no regard to cost: what a decoder of whole
 * messages without extensions must say. Ends at the first violation or close frame.
 */
final class ReferenceDecoder {
  private final FrameRules rules;
  private final byte[] bytes;
  private final List<String> events = new ArrayList<>();
  private int at;

  private boolean inMessage;
  private int type;
  private int fragments;
  private ByteArrayOutputStream message = new ByteArrayOutputStream();

  private ReferenceDecoder(FrameRules rules, byte[] bytes) {
    this.rules = rules;
    this.bytes = bytes;
  }

  static List<String> events(FrameRules rules, byte[] bytes) {
    var reference = new ReferenceDecoder(rules, bytes);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = reference.frame();
    }
    return reference.events;
  }

  private int left() {
    return bytes.length - at;
  }

  private boolean violation(int code) {
    events.add("violation " + code);
    return false;
  }

  private boolean frame() {
    if (left() < 2) {
      return false;
    }
    boolean fin = (bytes[at] & 0x80) != 0;
    int reserved = bytes[at] >> 4 & 7;
    int opcode = bytes[at] & 15;
    boolean masked = (bytes[at + 1] & 0x80) != 0;
    int length7 = bytes[at + 1] & 0x7F;
    int extended = length7 == 126 ? 2 : length7 == 127 ? 8 : 0;
    int header = 2 + extended + (masked ? 4 : 0);
    if (left() < header) {
      return false;
    }
    BigInteger length =
        extended == 0
            ? BigInteger.valueOf(length7)
            : new BigInteger(1, Arrays.copyOfRange(bytes, at + 2, at + 2 + extended));
    byte[] key = masked ? Arrays.copyOfRange(bytes, at + header - 4, at + header) : new byte[4];
    at += header;

    if (reserved != 0 || opcode > 10 || (opcode > 2 && opcode < 8)) {
      return violation(1002);
    }
    if (masked != (rules.role() == Role.SERVER)) {
      return violation(1002);
    }
    if (length.bitLength() > 63
        || (extended == 2 && length.intValue() < 126)
        || (extended == 8 && length.bitLength() <= 16)) {
      return violation(1002);
    }
    boolean control = opcode >= 8;
    if (control && (!fin || length.compareTo(BigInteger.valueOf(125)) > 0)) {
      return violation(1002);
    }
    if (opcode == 2 && !rules.binary()) {
      return violation(1003);
    }
    if (!control) {
      if (inMessage != (opcode == 0)) {
        return violation(1002);
      }
      BigInteger total = length.add(BigInteger.valueOf(inMessage ? message.size() : 0));
      if (length.compareTo(BigInteger.valueOf(rules.limits().frameBytes())) > 0
          || total.compareTo(BigInteger.valueOf(rules.limits().messageBytes())) > 0) {
        return violation(1009);
      }
      if (!inMessage) {
        type = opcode;
        fragments = 0;
        message = new ByteArrayOutputStream();
      }
      if (++fragments > rules.limits().fragments()) {
        return violation(1008);
      }
      inMessage = true;
    }
    var payload = new ByteArrayOutputStream();
    for (int i = 0; i < length.intValueExact(); i++) {
      if (left() == 0) {
        return false;
      }
      int next = bytes[at++] ^ key[i % 4];
      payload.write(next);
      if (!control) {
        message.write(next);
        if (type == 1 && !isUtf8(message.toByteArray(), false)) {
          return violation(1007);
        }
      }
    }
    return control ? control(opcode, payload.toByteArray()) : fragment(fin);
  }

  private boolean control(int opcode, byte[] payload) {
    if (opcode == 8) {
      int code = payload.length < 2 ? 0 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
      boolean sendable =
          (code >= 1000 && code <= 1003)
              || (code >= 1007 && code <= 1014)
              || (code >= 3000 && code <= 4999);
      if (payload.length > 0 && !sendable) {
        return violation(1002);
      }
      if (payload.length > 2
          && !isUtf8(Arrays.copyOfRange(payload, 2, payload.length), /* whole= */ true)) {
        return violation(1007);
      }
    }
    events.add(Decoded.event(opcode, true, payload));
    return opcode != 8;
  }

  private boolean fragment(boolean fin) {
    if (fin) {
      if (type == 1 && !isUtf8(message.toByteArray(), /* whole= */ true)) {
        return violation(1007);
      }
      inMessage = false;
      events.add(Decoded.event(type, true, message.toByteArray()));
    }
    return true;
  }

  /** Whether {@code text} is UTF-8; if it is not the whole text, whether it can become so. */
  static boolean isUtf8(byte[] text, boolean whole) {
    if (decodes(text, /* whole= */ true)) {
      return true;
    }
    return !whole && decodes(text, /* whole= */ false) && canGoOn(text, 3);
  }

  /** The JDK says of some prefixes too late that nothing can follow them; so try what might. */
  private static boolean canGoOn(byte[] text, int bytes) {
    if (bytes == 0) {
      return false;
    }
    byte[] longer = Arrays.copyOf(text, text.length + 1);
    for (int next : new int[] {0x80, 0x90, 0xA0, 0xBF}) {
      longer[text.length] = (byte) next;
      if (decodes(longer, /* whole= */ true) || canGoOn(longer, bytes - 1)) {
        return true;
      }
    }
    return false;
  }

  private static boolean decodes(byte[] text, boolean whole) {
    return !StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(text), CharBuffer.allocate(text.length + 1), whole)
        .isError();
  }
}
