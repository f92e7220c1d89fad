package dev.kantele.protocol.client;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a client knows of one session. Confined to the client's mailbox. */
final class SessionCore {
  private final SessionId id;
  private final ClientCore client;
  private final NumberLine line;
  private final Feed feed;
  private final ToolHost tools;

  SessionCore(SessionId id, ClientCore client) {
    this.id = id;
    this.client = client;
    this.line = new NumberLine(client.outstanding());
    this.feed = new Feed(id, client.settings(), client);
    this.tools = new ToolHost(id, client, feed);
  }

  /** The session answered when it was opened, perhaps not for the first time. */
  void opened(AckBody.Opened opened) {
    line.expects(opened.nextSeq());
    feed.reached(opened.lastSeq());
  }

  Feed feed() {
    return feed;
  }

  /** Gives a command the next number. */
  void submit(Command.Numbered command, ReplyHandler handler) {
    line.submit(command, handler);
  }

  /** Reads the log from {@code after} on until the turn has ended. */
  void watch(TurnId turn, Optional<LogId> log, long after, CompletableFuture<TurnResult> result) {
    var watch = new TurnWatch[] {null};
    watch[0] =
        new TurnWatch(
            turn,
            log,
            after,
            client.settings().eventWindow(),
            end -> {
              feed.remove(watch[0]);
              client.complete(result, end);
            },
            because -> client.fail(result, because));
    feed.add(watch[0]);
  }

  /** Runs these tools from now on, in place of those before. */
  void host(List<ClientTool> offered, ReplyHandler handler) {
    tools.offer(offered, handler);
  }

  void opened() {
    feed.opened();
    tools.opened();
  }

  void lost() {
    feed.lost();
  }

  void ended(ClientException because) {
    line.ended(because);
    feed.ended(because);
    tools.ended();
  }

  SessionId id() {
    return id;
  }
}
