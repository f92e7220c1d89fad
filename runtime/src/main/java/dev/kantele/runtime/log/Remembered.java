package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Reply;

/**
 * A reply to be given again when its command is repeated. Written in the same row as the command's
 * effect, so that neither is there without the other.
 *
 * @param numbered whether the command used up a number of its client's
 */
public record Remembered(ClientKey client, Reply.Ack reply, boolean numbered) {
  public Remembered {
    requireNonNull(client, "client");
    requireNonNull(reply, "reply");
  }
}
