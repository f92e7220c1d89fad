package dev.kantele.cluster.cli;

import dev.kantele.protocol.Names;
import dev.kantele.protocol.SessionId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Session ids as people type them. */
final class SessionIds {
  static SessionId parse(@Nullable CommandSpec spec, String text) {
    if (spec != null && !Names.isName(text, SessionId.MAX_LENGTH)) {
      throw new ParameterException(
          spec.commandLine(),
          "session '%s' is no session id (expected: 1..%d characters of A-Za-z0-9._:-)"
              .formatted(text, SessionId.MAX_LENGTH));
    }
    return new SessionId(text);
  }

  private SessionIds() {}
}
