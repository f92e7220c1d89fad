package dev.kantele.runtime.websocket;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.runtime.log.ClientKey;

/** Where a connection stands between its first byte and its close. */
sealed interface ConnectionState {
  /** No {@code hello} was accepted yet. */
  record AwaitingHello() implements ConnectionState {}

  /** The authenticator judges the {@code hello}; nothing is read meanwhile. */
  record Authenticating(Command.Hello hello) implements ConnectionState {}

  /** Commands are taken. */
  record Open(ClientKey client) implements ConnectionState {}

  /** The client said goodbye; the replies that are still open go first. */
  record Leaving(ClientKey client, CommandId goodbye) implements ConnectionState {}

  /** Nothing is taken any more, and nothing sent. */
  record Closed() implements ConnectionState {}
}
