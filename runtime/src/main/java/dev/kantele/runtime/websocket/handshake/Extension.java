package dev.kantele.runtime.websocket.handshake;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An element of {@code Sec-WebSocket-Extensions} (RFC 6455, section 9.1).
 *
 * @param parameters in their order; a name may come twice
 */
record Extension(String name, List<Parameter> parameters) {
  /** A parameter; the quotes of its value are taken off. */
  record Parameter(String name, Optional<String> value) {
    Parameter {
      requireNonNull(name, "name");
      requireNonNull(value, "value");
    }
  }

  Extension {
    requireNonNull(name, "name");
    parameters = List.copyOf(parameters);
  }

  /** All extensions in the fields of a header; empty if these are not what the grammar allows. */
  static Optional<List<Extension>> parse(List<String> fields) {
    var extensions = new ArrayList<Extension>();
    for (String field : fields) {
      if (!new Parser(field).parse(extensions)) {
        return Optional.empty();
      }
    }
    return Optional.of(List.copyOf(extensions));
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    boolean parse(List<Extension> extensions) {
      while (true) {
        skipSpaces();
        if (at == text.length()) {
          return true;
        }
        if (!skip(',')) {
          Optional<Extension> extension = extension();
          if (extension.isEmpty()) {
            return false;
          }
          extensions.add(extension.get());
          if (at < text.length() && !skip(',')) {
            return false;
          }
        }
      }
    }

    private Optional<Extension> extension() {
      Optional<String> name = token();
      var parameters = new ArrayList<Parameter>();
      while (name.isPresent() && skip(';')) {
        Optional<String> parameter = token();
        if (parameter.isEmpty()) {
          return Optional.empty();
        }
        Optional<String> value = Optional.empty();
        if (skip('=')) {
          value = value();
          if (value.isEmpty()) {
            return Optional.empty();
          }
        }
        parameters.add(new Parameter(parameter.get(), value));
      }
      return name.map(present -> new Extension(present, parameters));
    }

    /** A token, or one in quotes. */
    private Optional<String> value() {
      if (!skip('"')) {
        return token();
      }
      var value = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\') {
          at++;
        }
        if (at < text.length()) {
          value.append(text.charAt(at++));
        }
      }
      boolean closed = skip('"');
      return closed && Tokens.isToken(value.toString())
          ? Optional.of(value.toString())
          : Optional.empty();
    }

    private Optional<String> token() {
      skipSpaces();
      int from = at;
      while (at < text.length() && Tokens.isTokenCharacter(text.charAt(at))) {
        at++;
      }
      String token = text.substring(from, at);
      skipSpaces();
      return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    private boolean skip(char expected) {
      skipSpaces();
      if (at < text.length() && text.charAt(at) == expected) {
        at++;
        return true;
      }
      return false;
    }

    private void skipSpaces() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }
  }
}
