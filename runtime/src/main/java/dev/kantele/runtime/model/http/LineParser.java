package dev.kantele.runtime.model.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Reads one JSON value a line, as application/x-ndjson has it: an event for each line that is not
 * blank. A line that the end cuts off is none. Not thread-safe.
 */
final class LineParser implements FrameParser {
  private final int maxLineBytes;

  /** The bytes of the line that is not over yet. */
  private byte[] line = new byte[256];

  private int lineBytes;

  /** A parser at the stream's begin; {@code maxLineBytes} is at least 1. */
  LineParser(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
  }

  @Override
  public boolean accept(ByteString piece, Consumer<? super ServerSentEvent> events) {
    byte[] bytes = piece.toArrayUnsafe();
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        if (!append(bytes, from, at)) {
          return false;
        }
        endLine(events);
        from = at + 1;
      }
    }
    return append(bytes, from, bytes.length);
  }

  private boolean append(byte[] bytes, int from, int to) {
    int more = to - from;
    if (more > maxLineBytes - lineBytes) {
      return false;
    }
    if (lineBytes + more > line.length) {
      line =
          Arrays.copyOf(line, Math.max(lineBytes + more, Math.min(2 * line.length, maxLineBytes)));
    }
    System.arraycopy(bytes, from, line, lineBytes, more);
    lineBytes += more;
    return true;
  }

  private void endLine(Consumer<? super ServerSentEvent> events) {
    String text = new String(line, 0, lineBytes, StandardCharsets.UTF_8).strip();
    lineBytes = 0;
    if (!text.isEmpty()) {
      events.accept(new ServerSentEvent("message", text, ""));
    }
  }
}
