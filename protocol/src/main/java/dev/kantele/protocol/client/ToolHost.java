package dev.kantele.protocol.client;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The tools that this client runs for one session: offers them, and reads the log for calls of
 * them. Confined to the client's mailbox.
 *
 * <p>The node forgets the tools of a client that was away for long, so they are offered again on
 * every new connection.
 */
final class ToolHost {
  private final SessionId session;
  private final ClientCore client;
  private final Feed feed;
  private final ToolCalls calls;

  private List<ClientTool> offered = List.of();

  /** Whether the node has taken an offer, so that there is one to renew. */
  private boolean taken;

  private @Nullable Reader watch;

  ToolHost(SessionId session, ClientCore client, Feed feed) {
    this.session = session;
    this.client = client;
    this.feed = feed;
    this.calls = new ToolCalls(session, client);
  }

  /** Offers these tools in place of those before, and runs what is called of them from now on. */
  void offer(List<ClientTool> tools, ReplyHandler handler) {
    Map<String, ClientTool> byName = new LinkedHashMap<>();
    tools.forEach(tool -> byName.put(tool.name(), tool));
    offered = List.copyOf(byName.values());
    calls.offer(byName);
    if (watch == null) {
      watch = new Watch(feed.newest());
      feed.add(watch);
    }
    register(
        new ReplyHandler() {
          @Override
          public void replied(Reply reply) {
            taken |= reply instanceof Reply.Ack;
            handler.replied(reply);
          }

          @Override
          public void failed(ClientException because) {
            handler.failed(because);
          }
        });
  }

  private void register(ReplyHandler handler) {
    client
        .session(session)
        .submit(
            new Command.ToolRegister(
                client.newId(),
                session,
                OptionalLong.empty(),
                offered.stream().map(ClientTool::described).toList()),
            handler);
  }

  /** There is a new connection. */
  void opened() {
    if (taken && !offered.isEmpty()) {
      register(
          new ReplyHandler() {
            @Override
            public void replied(Reply reply) {}

            @Override
            public void failed(ClientException because) {}
          });
    }
  }

  /** There will be no connection any more. */
  void ended() {
    calls.interruptAll();
  }

  private final class Watch extends Reader {
    Watch(long after) {
      super(Optional.empty(), after);
    }

    /** It takes everything at once. */
    @Override
    int room() {
      return client.settings().eventWindow();
    }

    @Override
    void happened(Event event) {
      calls.happened(event.body());
    }

    @Override
    void completed() {
      over();
    }

    @Override
    void failed(RuntimeException because) {
      over();
    }

    private void over() {
      watch = null;
      calls.interruptAll();
    }
  }
}
