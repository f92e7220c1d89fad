package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command;

/** What the tests of the codec share. */
final class Frames {
  static Command accepted(Decoded<Command> decoded) {
    return switch (decoded) {
      case Decoded.Ok<Command>(var command) -> command;
      case Decoded.Rejected<Command>(var re, var error) ->
          throw new AssertionError(re + ": " + error);
    };
  }

  static Decoded.Rejected<Command> rejected(Decoded<Command> decoded) {
    return switch (decoded) {
      case Decoded.Ok<Command>(var command) -> throw new AssertionError(command.toString());
      case Decoded.Rejected<Command> rejected -> rejected;
    };
  }

  static JsonNode tree(String json) {
    try {
      return WireMapper.json().readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private Frames() {}
}
