package dev.kantele.protocol.client;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.client.Timers.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The commands without a reply, in the order in which they were first sent. On a new connection
 * they are all sent again as they were: the node knows by the id which of them it has seen. So are,
 * after a pause, those that a node refused only because it is busy. Confined to the client's
 * mailbox.
 */
final class OutstandingCommands {
  /** How often a busy node is asked the same. */
  static final int MAX_TRIES = 6;

  /** Sends a command if there is a connection; says why it never can be, if that is so. */
  interface Sender {
    Optional<WireError> send(Command command);
  }

  /** Runs a task in the mailbox after a while. */
  interface Later {
    Timer schedule(Duration delay, Runnable task);
  }

  private static final class Entry {
    private final Command command;
    private final ReplyHandler handler;

    /** Whether it means nothing on another connection. */
    private final boolean bound;

    private int refusals;
    private @Nullable Timer pause;

    Entry(Command command, ReplyHandler handler, boolean bound) {
      this.command = command;
      this.handler = handler;
      this.bound = bound;
    }

    void cancelPause() {
      if (pause != null) {
        pause.cancel();
        pause = null;
      }
    }
  }

  private final Sender sender;
  private final Later later;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final Map<CommandId, Entry> entries = new LinkedHashMap<>();

  OutstandingCommands(Sender sender, Later later, Backoff backoff, RandomGenerator random) {
    this.sender = sender;
    this.later = later;
    this.backoff = backoff;
    this.random = random;
  }

  /**
   * Sends a command now or when there is a connection, and again on each new one until it is
   * answered.
   */
  void submit(Command command, ReplyHandler handler) {
    submit(new Entry(command, handler, /* bound= */ false));
  }

  /** Sends a command that is forgotten, without any end, when the connection is lost. */
  void submitBound(Command command, ReplyHandler handler) {
    submit(new Entry(command, handler, /* bound= */ true));
  }

  private void submit(Entry entry) {
    CommandId id = entry.command.id();
    if (entries.containsKey(id)) {
      entry.handler.replied(
          Reply.Nack.of(
              id, ErrorCode.INVALID_ARGUMENT, "A command with id " + id + " has no reply yet."));
      return;
    }
    entries.put(id, entry);
    send(entry);
  }

  private void send(Entry entry) {
    entry.cancelPause();
    Optional<WireError> impossible = sender.send(entry.command);
    if (impossible.isPresent()) {
      entries.remove(entry.command.id());
      entry.handler.replied(new Reply.Nack(Optional.of(entry.command.id()), impossible.get()));
    }
  }

  /** There is a new connection. */
  void opened() {
    List.copyOf(entries.values()).forEach(this::send);
  }

  /** The connection is gone. */
  void lost() {
    entries
        .values()
        .removeIf(
            entry -> {
              if (entry.bound) {
                entry.cancelPause();
              }
              return entry.bound;
            });
  }

  /** The node answered something. A second answer to the same command is dropped. */
  void replied(Reply reply) {
    Optional<CommandId> re =
        switch (reply) {
          case Reply.Welcome welcome -> Optional.of(welcome.re());
          case Reply.Ack ack -> Optional.of(ack.re());
          case Reply.Pong pong -> Optional.of(pong.re());
          case Reply.Nack nack -> nack.re();
        };
    Entry entry = re.map(entries::get).orElse(null);
    if (entry == null) {
      return;
    }
    if (reply instanceof Reply.Nack(_, var error) && mayPass(error)) {
      entry.refusals++;
      if (entry.refusals < MAX_TRIES) {
        sendLater(entry, error);
        return;
      }
    }
    entries.remove(entry.command.id());
    entry.cancelPause();
    entry.handler.replied(reply);
  }

  /** Whether the same command is safe to repeat, and may be taken then. */
  private static boolean mayPass(WireError error) {
    return error.code() == ErrorCode.UNAVAILABLE || error.code() == ErrorCode.RATE_LIMITED;
  }

  private void sendLater(Entry entry, WireError error) {
    Duration pause =
        error.retryAfterMs().isPresent()
            ? Duration.ofMillis(error.retryAfterMs().getAsLong())
            : backoff.pause(entry.refusals, random);
    entry.cancelPause();
    entry.pause =
        later.schedule(
            pause,
            () -> {
              if (entries.get(entry.command.id()) == entry && entry.pause != null) {
                send(entry);
              }
            });
  }

  /** There will be no connection any more. */
  void ended(ClientException because) {
    var all = new ArrayList<>(entries.values());
    entries.clear();
    for (Entry entry : all) {
      entry.cancelPause();
      entry.handler.failed(because);
    }
  }
}
