package dev.kantele.cluster.cli;

import com.typesafe.config.ConfigException;
import dev.kantele.cluster.access.AccessException;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.runtime.http.HttpBindException;
import dev.kantele.runtime.journal.JournalException;
import dev.kantele.runtime.settings.SettingsException;

/** Failures as one plain sentence each, with what to do about it. */
final class Failures {
  static String sentence(Throwable failure) {
    return switch (failure) {
      case CliException e -> message(e);
      case AccessException e -> joined(message(e), advice(e));
      case SettingsException e -> message(e);
      case JournalException e -> message(e);
      case HttpBindException e -> message(e);
      case ConfigException e -> message(e);
      case OutOfMemoryError _ ->
          "out of memory; give the process more with KANTELE_JAVA_OPTS=-Xmx2g";
      default ->
          "something went wrong that should not (%s); set KANTELE_LOG=debug to see where"
              .formatted(failure);
    };
  }

  /** One line, whatever the library that made it thinks of lines. */
  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private static String joined(String sentence, String advice) {
    boolean stopped = !advice.isEmpty() && sentence.endsWith(".");
    return (stopped ? sentence.substring(0, sentence.length() - 1) : sentence) + advice;
  }

  private static String advice(AccessException failure) {
    return switch (failure.reason()) {
      case UNREACHABLE -> "; start one with ./kantele serve, or use --embedded";
      case LOST -> "; what it was doing there goes on without this client";
      case BROKEN, DETACHED -> "";
      case REFUSED -> failure.code().map(Failures::advice).orElse("");
    };
  }

  private static String advice(ErrorCode code) {
    return switch (code) {
      case SESSION_NOT_FOUND -> "; ./kantele sessions lists those that there are";
      case SESSION_CLOSED -> "; begin another one without --session";
      case AGENT_NOT_FOUND -> "; agents are named in the node's configuration, kantele.agents";
      case MODEL_NOT_FOUND -> "; models are named in the node's configuration, kantele.models";
      case UNAUTHENTICATED -> "; set KANTELE_TOKEN, or name its file by --token-file";
      case TURN_RUNNING, QUEUE_FULL, RATE_LIMITED, UNAVAILABLE, INTERNAL -> "; try again later";
      case INVALID_MESSAGE,
          INVALID_ARGUMENT,
          UNKNOWN_TYPE,
          VERSION_MISMATCH,
          FORBIDDEN,
          TURN_NOT_FOUND,
          INVOCATION_NOT_FOUND,
          TOOL_NOT_FOUND,
          TURN_EXISTS,
          TURN_CANCELLED,
          ALREADY_DECIDED,
          DUPLICATE_SEQUENCE,
          SEQUENCE_GAP,
          CURSOR_UNKNOWN,
          LIMIT_EXCEEDED ->
          "";
    };
  }

  private Failures() {}
}
