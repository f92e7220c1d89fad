package dev.kantele.protocol.codec;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * Messages to frames and back: JSON text in UTF-8 (docs/protocol.md). Immutable; may be shared by
 * threads.
 */
public final class WireCodec {
  private final CommandDecoder commands;
  private final ObjectWriter writer;
  private final ObjectReader replies;
  private final EventReader events;

  /** A codec with {@link CodecLimits#DEFAULT}. */
  public WireCodec() {
    this(CodecLimits.DEFAULT);
  }

  /** A codec that takes commands within {@code limits}. */
  public WireCodec(CodecLimits limits) {
    this.commands = new CommandDecoder(requireNonNull(limits, "limits"));
    ObjectMapper mapper = WireMapper.json();
    this.writer = mapper.writer();
    this.replies = mapper.readerFor(Reply.class);
    this.events = new EventReader(mapper);
  }

  /** Reads a client's frame; whatever the bytes are, the outcome is a value. */
  public Decoded<Command> decodeCommand(byte[] frame) {
    return decodeCommand(frame, Map.of());
  }

  /**
   * Reads a command whose envelope says some of its fields already, as an HTTP request's path says
   * the session.
   *
   * @param implied what fields hold that are not in the frame, by their names
   */
  public Decoded<Command> decodeCommand(byte[] frame, Map<String, String> implied) {
    return commands.decode(frame, implied);
  }

  /** Reads a client's frame; whatever the text is, the outcome is a value. */
  public Decoded<Command> decodeCommand(String frame) {
    return commands.decode(frame);
  }

  /** Writes a command, as a client does. */
  public byte[] encode(Command command) {
    return write(command);
  }

  /** Writes a reply. */
  public byte[] encode(Reply reply) {
    return write(reply);
  }

  /** Writes an event; for several subscribers see {@link #encodeBody}. */
  public byte[] encode(Event event) {
    return frame(event.covers(), encodeBody(event.session(), event.at(), event.body()));
  }

  /** Writes all of an event that its subscribers share. */
  public EncodedBody encodeBody(SessionId session, Instant at, EventBody body) {
    return new EncodedBody(write(new FramedBody(session, at, body)));
  }

  /** Puts the numbers that one subscriber gets before the shared bytes. */
  public byte[] frame(Covers covers, EncodedBody body) {
    return body.frame(covers);
  }

  /**
   * Reads a reply, as a client does.
   *
   * @throws WireFormatException if the frame holds no reply
   */
  public Reply decodeReply(byte[] frame) {
    try {
      return replies.readValue(frame);
    } catch (IOException e) {
      throw new WireFormatException("reply: " + frame.length + " bytes (expected: a reply)", e);
    }
  }

  /**
   * Reads an event, as a client does; one of a newer version is an {@link EventBody.Unknown}.
   *
   * @throws WireFormatException if the frame holds no event
   */
  public Event decodeEvent(byte[] frame) {
    return events.read(frame);
  }

  private byte[] write(Object message) {
    try {
      return writer.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("message: " + message.getClass() + " (expected: JSON)", e);
    }
  }
}
