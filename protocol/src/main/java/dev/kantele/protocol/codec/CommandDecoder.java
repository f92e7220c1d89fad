package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Reads a command from a frame, or the reason why it is none. */
final class CommandDecoder {
  private final CodecLimits limits;
  private final FrameReader frames;
  private final CommandReader commands;

  CommandDecoder(CodecLimits limits) {
    this.limits = limits;
    this.frames = new FrameReader(limits);
    this.commands = new CommandReader(limits);
  }

  Decoded<Command> decode(byte[] frame, Map<String, String> implied) {
    try {
      requireFrameBytes(frame.length);
      return decodeText(text(frame), implied);
    } catch (Rejection e) {
      return new Decoded.Rejected<>(Optional.empty(), e.error());
    }
  }

  Decoded<Command> decode(String frame) {
    try {
      requireFrameBytes(utf8Length(frame));
      return decodeText(frame, Map.of());
    } catch (Rejection e) {
      return new Decoded.Rejected<>(Optional.empty(), e.error());
    }
  }

  private void requireFrameBytes(long bytes) throws Rejection {
    if (bytes > limits.frameBytes()) {
      throw Rejection.limitExceeded("The frame has", bytes, limits.frameBytes(), "bytes");
    }
  }

  private static String text(byte[] frame) throws Rejection {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(frame))
          .toString();
    } catch (CharacterCodingException _) {
      throw Rejection.invalidMessage("The frame is not valid UTF-8.");
    }
  }

  private static long utf8Length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate is one half of four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private Decoded<Command> decodeText(String frame, Map<String, String> implied) {
    ObjectNode object;
    try {
      object = frames.read(frame);
    } catch (Rejection e) {
      return new Decoded.Rejected<>(findId(frame), e.error());
    }
    implied.forEach((name, value) -> object.putIfAbsent(name, TextNode.valueOf(value)));
    try {
      return new Decoded.Ok<>(read(object));
    } catch (Rejection e) {
      return new Decoded.Rejected<>(CommandReader.ID.reader().apply(object.path("id")), e.error());
    }
  }

  private Command read(ObjectNode object) throws Rejection {
    Fields fields = Fields.ofFrame(object);
    CommandId id = fields.required("id", CommandReader.ID);
    return commands.read(fields.required("type", Kind.STRING), id, fields);
  }

  /**
   * Looks for the command's id in a frame that was refused: the frame's own {@code id}, if there
   * was one, and one only, up to where it stops being JSON.
   */
  private Optional<CommandId> findId(String frame) {
    Optional<CommandId> found = Optional.empty();
    int ids = 0;
    try (JsonParser parser = frames.parser(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isId = parser.currentName().equals("id");
        JsonToken token = parser.nextToken();
        if (isId) {
          ids++;
          found = token == JsonToken.VALUE_STRING ? idOf(parser.getText()) : Optional.empty();
        }
        parser.skipChildren();
      }
    } catch (IOException _) {
      // What was read before still holds.
    }
    return ids == 1 ? found : Optional.empty();
  }

  private static Optional<CommandId> idOf(String text) {
    return Names.isText(text, CommandId.MAX_LENGTH) && Surrogates.indexOfLone(text) < 0
        ? Optional.of(new CommandId(text))
        : Optional.empty();
  }
}
