package dev.kantele.protocol.client;

import dev.kantele.protocol.Reply;

/** Gets the one end of a command. Exactly one method is called, once, on the client's mailbox. */
interface ReplyHandler {
  /** The node answered. */
  void replied(Reply reply);

  /** It never will. */
  void failed(ClientException because);
}
