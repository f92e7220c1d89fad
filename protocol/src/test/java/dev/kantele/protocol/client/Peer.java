package dev.kantele.protocol.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.protocol.codec.WireCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection of a {@link FakeNode}: as much of RFC 6455 as a client meets. Written to by one
 * thread at a time.
 */
final class Peer {
  static final SessionId SESSION = new SessionId("s");
  static final LogId LOG = new LogId("log-1");
  static final TurnId TURN = new TurnId("t");
  static final StreamId STREAM = new StreamId("m");
  static final Instant AT = Instant.parse("2026-03-01T09:30:00Z");
  static final long HEARTBEAT_MS = 20_000;
  static final long FRAME_BYTES = 1 << 20;

  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xa;

  private final WireCodec codec = new WireCodec();
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** How many frames the last message came in. */
  private int fragments;

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** Answers the handshake as RFC 6455, section 4.2.2, has it. */
  Peer upgrade() throws IOException {
    Matcher key = KEY.matcher(readHead());
    if (!key.find()) {
      throw new IOException("no Sec-WebSocket-Key");
    }
    write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Protocol: kantele.v1.json\r\nSec-WebSocket-Accept: "
            + accept(key.group(1))
            + "\r\n\r\n");
    return this;
  }

  /** Answers with a status and nothing else. */
  void refuse(int status) throws IOException {
    String _ = readHead();
    write("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
  }

  /** Answers the handshake and the greeting. */
  Peer greet() throws IOException {
    upgrade();
    return welcome(next(Command.Hello.class));
  }

  Peer welcome(Command.Hello hello) throws IOException {
    return send(
        new Reply.Welcome(
            hello.id(), 1, HEARTBEAT_MS, new Reply.Limits(FRAME_BYTES, 256, 64, 16), List.of()));
  }

  /** Answers the greeting, and the opening of a session that has {@code lastSeq} events. */
  Peer opened(long lastSeq, long nextSeq) throws IOException {
    return greet().open(lastSeq, nextSeq);
  }

  /** Answers the next command, which must open a session. */
  Peer open(long lastSeq, long nextSeq) throws IOException {
    CommandId id = next(Command.SessionOpen.class).id();
    return ack(id, new AckBody.Opened(lastSeq == 1, LOG, lastSeq, nextSeq));
  }

  /** Answers the next command, which must be an attach. */
  Command.SessionAttach attached(long lastSeq) throws IOException {
    Command.SessionAttach attach = next(Command.SessionAttach.class);
    ack(attach.id(), new AckBody.Attached(LOG, lastSeq, 1));
    return attach;
  }

  /** Answers the next command, which must be a prompt, and returns it. */
  Command.Prompt accepted() throws IOException {
    Command.Prompt prompt = next(Command.Prompt.class);
    accept(prompt);
    return prompt;
  }

  Peer accept(Command.Prompt prompt) throws IOException {
    return ack(
        prompt.id(),
        new AckBody.PromptAccepted(prompt.turn().orElse(TURN), 0, prompt.seq().orElse(0) + 1));
  }

  /** Sends a delta of text with number {@code seq}. */
  Peer delta(long seq) throws IOException {
    return event(seq, new EventBody.TextDelta(TURN, STREAM, 0, "d" + seq));
  }

  Peer deltas(long from, long to) throws IOException {
    for (long seq = from; seq <= to; seq++) {
      delta(seq);
    }
    return this;
  }

  Peer event(long seq, EventBody body) throws IOException {
    return event(Covers.of(seq), body);
  }

  Peer event(Covers covers, EventBody body) throws IOException {
    return send(new String(codec.encode(new Event(SESSION, covers, AT, body)), UTF_8));
  }

  Peer ack(CommandId re, AckBody body) throws IOException {
    return send(Reply.Ack.of(re, body));
  }

  Peer done(Command command) throws IOException {
    return ack(command.id(), new AckBody.Done());
  }

  Peer nack(Command command, ErrorCode code) throws IOException {
    return send(Reply.Nack.of(command.id(), code, "No: " + code.wireName()));
  }

  Peer nack(Command command, ErrorCode code, long expected) throws IOException {
    return send(
        new Reply.Nack(
            Optional.of(command.id()), WireError.expecting(code, "Wrong number.", expected)));
  }

  Peer send(Reply reply) throws IOException {
    return send(new String(codec.encode(reply), UTF_8));
  }

  /** The next command, which must be a {@code type}. */
  <T extends Command> T next(Class<T> type) throws IOException {
    return type.cast(next());
  }

  /** The next command. */
  Command next() throws IOException {
    if (!(codec.decodeCommand(readText()) instanceof Decoded.Ok<Command>(var command))) {
      throw new IOException("no command");
    }
    return command;
  }

  Peer send(String text) throws IOException {
    frame(0x80 | TEXT, text.getBytes(UTF_8));
    return this;
  }

  /** Sends a text in as many fragments as it has thousands of bytes. */
  void sendInFragments(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    for (int from = 0; from < bytes.length; from += 1000) {
      int to = Math.min(bytes.length, from + 1000);
      int head = (from == 0 ? TEXT : 0) | (to == bytes.length ? 0x80 : 0);
      frame(head, Arrays.copyOfRange(bytes, from, to));
    }
  }

  Peer ping() throws IOException {
    frame(0x80 | PING, new byte[0]);
    return this;
  }

  void sendBytes() throws IOException {
    frame(0x82, new byte[] {1});
  }

  void close(int code) throws IOException {
    frame(0x80 | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
  }

  /** Closes, and waits for the client to do the same. */
  void leave(int code) throws IOException {
    close(code);
    waitForTheEnd();
  }

  /** Cuts the connection with a reset instead of an end. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads until the client is gone. */
  void waitForTheEnd() throws IOException {
    long _ = in.transferTo(OutputStream.nullOutputStream());
  }

  /** How many frames the last message came in. */
  int fragments() {
    return fragments;
  }

  /** Waits for a ping, past all else, and does not answer it. */
  void awaitPing() throws IOException {
    while (readFrame().opcode != PING) {
      // Something else.
    }
  }

  private void frame(int head, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) head);
    if (payload.length < 126) {
      frame.put((byte) payload.length);
    } else if (payload.length < 1 << 16) {
      frame.put((byte) 126).putShort((short) payload.length);
    } else {
      frame.put((byte) 127).putLong(payload.length);
    }
    frame.put(payload);
    out.write(frame.array(), 0, frame.position());
    out.flush();
  }

  private static final class Frame {
    private final boolean last;
    private final int opcode;
    private final byte[] payload;

    Frame(boolean last, int opcode, byte[] payload) {
      this.last = last;
      this.opcode = opcode;
      this.payload = payload;
    }
  }

  /** The next text, past pings and pongs. */
  private String readText() throws IOException {
    var text = new ByteArrayOutputStream();
    fragments = 0;
    while (true) {
      Frame frame = readFrame();
      if (frame.opcode == CLOSE) {
        throw new IOException("closed");
      }
      if (frame.opcode == PING) {
        frame(0x80 | PONG, frame.payload);
      }
      if (frame.opcode < CLOSE) {
        text.writeBytes(frame.payload);
        fragments++;
        if (frame.last) {
          return text.toString(UTF_8);
        }
      }
    }
  }

  private Frame readFrame() throws IOException {
    int head = in.readUnsignedByte();
    long length = in.readUnsignedByte() & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes((int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new Frame((head & 0x80) != 0, head & 0xf, payload);
  }

  private String readHead() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
    out.flush();
  }

  private static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
