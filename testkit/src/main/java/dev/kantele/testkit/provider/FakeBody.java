package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;

/** How the bytes of a body go out: in which pieces, how fast, and how far. Confined to its call. */
final class FakeBody {
  private static final byte[] CRLF = {'\r', '\n'};

  private final Socket socket;
  private final HttpFault fault;
  private int written;

  FakeBody(Socket socket, HttpFault fault) {
    this.socket = socket;
    this.fault = fault;
  }

  /** False when the connection is not to be used any more. */
  boolean write(byte[] bytes, FakeProvider.Connection connection)
      throws IOException, InterruptedException {
    int from = 0;
    var out = new ByteArrayOutputStream(bytes.length + 16);
    while (from < bytes.length) {
      int length = Math.min(bytes.length - from, room());
      chunk(out, bytes, from, length);
      from += length;
      written += length;
      if (fault instanceof HttpFault.Slow(_, var pause)) {
        flush(out);
        connection.pause(pause);
      }
      if (fault instanceof HttpFault.DropAfter(var most) && written == most) {
        flush(out);
        socket.setSoLinger(true, 0);
        return false;
      }
    }
    flush(out);
    return true;
  }

  /** How many bytes may still be in this piece, at least 1. */
  private int room() {
    return switch (fault) {
      case HttpFault.Slow(var bytes, _) -> bytes;
      case HttpFault.SplitEvery(var bytes) -> bytes;
      case HttpFault.SplitAt(var bytes) -> bytes > written ? bytes - written : Integer.MAX_VALUE;
      case HttpFault.DropAfter(var bytes) -> bytes - written;
      default -> Integer.MAX_VALUE;
    };
  }

  void end() throws IOException {
    socket.getOutputStream().write("0\r\n\r\n".getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /* Each is a chunk of HTTP, which clients see as it is, however the network cuts it. */
  private static void chunk(ByteArrayOutputStream out, byte[] bytes, int from, int length)
      throws IOException {
    out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
    out.write(bytes, from, length);
    out.write(CRLF);
  }

  private void flush(ByteArrayOutputStream out) throws IOException {
    out.writeTo(socket.getOutputStream());
    socket.getOutputStream().flush();
    out.reset();
  }

  /** Whether the body breaks before its first byte. */
  boolean isVoid() throws IOException {
    if (fault instanceof HttpFault.DropAfter(var bytes) && bytes == 0) {
      socket.setSoLinger(true, 0);
      return true;
    }
    return false;
  }
}
