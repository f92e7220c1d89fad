package dev.kantele.runtime.model.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Reads an event stream piece by piece, however it is cut, by the rules of the HTML standard,
 * section 9.2.6 "Interpreting an event stream". An event that the stream's end cuts off is none.
 * Not thread-safe.
 */
public final class EventStreamParser implements FrameParser {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final String DEFAULT_TYPE = "message";

  private final int maxEventBytes;

  /** The bytes of the line that is not over yet. */
  private byte[] line = new byte[256];

  private int lineBytes;

  /** Of the data lines that the event has so far. */
  private int dataBytes;

  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String lastEventId = "";
  private boolean firstLine = true;
  private boolean afterCarriageReturn;
  private boolean tooLarge;

  /**
   * A parser at the stream's begin.
   *
   * @param maxEventBytes what a line, and the data of an event, may have in bytes, at least 1
   */
  public EventStreamParser(int maxEventBytes) {
    if (maxEventBytes < 1) {
      throw new IllegalArgumentException(
          "maxEventBytes: " + maxEventBytes + " (expected: at least 1)");
    }
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public boolean accept(ByteString piece, Consumer<? super ServerSentEvent> events) {
    byte[] bytes = piece.toArrayUnsafe();
    int at = 0;
    while (at < bytes.length && !tooLarge) {
      if (afterCarriageReturn && bytes[at] == '\n') {
        at++;
      }
      afterCarriageReturn = false;
      int end = lineEnd(bytes, at);
      append(bytes, at, end);
      at = end + 1;
      if (end < bytes.length && !tooLarge) {
        afterCarriageReturn = bytes[end] == '\r';
        endLine(events);
      }
    }
    return !tooLarge;
  }

  private static int lineEnd(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private void append(byte[] bytes, int from, int to) {
    int more = to - from;
    if (more > maxEventBytes - lineBytes) {
      tooLarge = true;
      return;
    }
    if (more > line.length - lineBytes) {
      long doubled = Math.max(lineBytes + more, 2L * line.length);
      line = Arrays.copyOf(line, (int) Math.min(doubled, maxEventBytes));
    }
    System.arraycopy(bytes, from, line, lineBytes, more);
    lineBytes += more;
  }

  private void endLine(Consumer<? super ServerSentEvent> events) {
    int begin = firstLine && startsWithMark() ? BYTE_ORDER_MARK.length : 0;
    firstLine = false;
    int length = lineBytes - begin;
    lineBytes = 0;
    if (length == 0) {
      dispatch(events);
    } else if (line[begin] != ':') {
      // A line break is never a part of a longer character, so lines can be decoded one by one.
      field(new String(line, begin, length, StandardCharsets.UTF_8), length);
    }
  }

  private boolean startsWithMark() {
    int mark = BYTE_ORDER_MARK.length;
    return lineBytes >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark);
  }

  private void field(String text, int bytes) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (name) {
      case "data" -> addData(value, bytes);
      case "event" -> type = value;
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          lastEventId = value;
        }
      }
      // "retry" is for clients that reconnect, and all other fields are to be ignored.
      default -> {}
    }
  }

  private void addData(String value, int bytes) {
    if (bytes > maxEventBytes - dataBytes) {
      tooLarge = true;
      return;
    }
    dataBytes += bytes;
    data.append(value).append('\n');
  }

  private void dispatch(Consumer<? super ServerSentEvent> events) {
    if (!data.isEmpty()) {
      String whole = data.substring(0, data.length() - 1);
      events.accept(new ServerSentEvent(type.isEmpty() ? DEFAULT_TYPE : type, whole, lastEventId));
    }
    data.setLength(0);
    dataBytes = 0;
    type = "";
  }
}
