package dev.kantele.protocol.client;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * The numbered commands of this client to one session (docs/protocol.md, "Numbers"), which take
 * effect in the order in which they came. Several are on the way at once, but only after one was
 * acknowledged, so that a wrong number to start from can't let a later one overtake. Confined to
 * the client's mailbox.
 *
 * <p>A number that was not used up is mended when no command is on the way any more: those that
 * were refused for their number alone then go again, in their order, from the expected number on.
 */
final class NumberLine {
  private static final int MAX_IN_FLIGHT = 32;
  private static final int MAX_MENDINGS = 8;

  private static final class Entry {
    private Command.Numbered command;
    private final ReplyHandler handler;
    private int mendings;

    Entry(Command.Numbered command, ReplyHandler handler) {
      this.command = command;
      this.handler = handler;
    }
  }

  private final OutstandingCommands outstanding;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final List<Entry> toMend = new ArrayList<>();
  private long next = 1;
  private int inFlight;

  /** Whether the node has taken a number of this line since the last mistake. */
  private boolean confirmed;

  private boolean mending;

  NumberLine(OutstandingCommands outstanding) {
    this.outstanding = outstanding;
  }

  /** The session expects {@code number} next, unless commands that are on their way change that. */
  void expects(long number) {
    if (!confirmed && inFlight == 0) {
      next = number;
    }
  }

  /** Sends a command after those before it, with the number that it then has. */
  void submit(Command.Numbered command, ReplyHandler handler) {
    waiting.add(new Entry(command, handler));
    advance();
  }

  private void advance() {
    while (!mending && !waiting.isEmpty() && inFlight < (confirmed ? MAX_IN_FLIGHT : 1)) {
      Entry entry = waiting.remove();
      entry.command = numbered(entry.command, next);
      next++;
      inFlight++;
      outstanding.submit(
          entry.command,
          new ReplyHandler() {
            @Override
            public void replied(Reply reply) {
              onReply(entry, reply);
            }

            @Override
            public void failed(ClientException because) {
              entry.handler.failed(because);
            }
          });
    }
  }

  private void onReply(Entry entry, Reply reply) {
    inFlight--;
    switch (reply) {
      case Reply.Ack _ -> {
        confirmed = !mending;
        entry.handler.replied(reply);
      }
      case Reply.Nack(_, var error) -> {
        OptionalLong expected = misnumbered(error.code()) ? error.expected() : OptionalLong.empty();
        /* Only an ack uses a number up. */
        next = expected.orElse(entry.command.seq().orElse(next));
        mending = true;
        confirmed = false;
        if (expected.isPresent() && entry.mendings < MAX_MENDINGS) {
          entry.mendings++;
          toMend.add(entry);
        } else {
          entry.handler.replied(reply);
        }
      }
      case Reply.Welcome _, Reply.Pong _ -> entry.handler.replied(reply);
    }
    if (mending && inFlight == 0) {
      toMend.reversed().forEach(waiting::addFirst);
      toMend.clear();
      mending = false;
    }
    advance();
  }

  private static boolean misnumbered(ErrorCode code) {
    return code == ErrorCode.SEQUENCE_GAP || code == ErrorCode.DUPLICATE_SEQUENCE;
  }

  private static Command.Numbered numbered(Command.Numbered command, long seq) {
    OptionalLong number = OptionalLong.of(seq);
    return switch (command) {
      case Command.Prompt prompt ->
          new Command.Prompt(
              prompt.id(),
              prompt.session(),
              number,
              prompt.content(),
              prompt.turn(),
              prompt.policy(),
              prompt.deadlineMs(),
              prompt.model(),
              prompt.params(),
              prompt.outputSchema(),
              prompt.metadata());
      case Command.ToolRegister register ->
          new Command.ToolRegister(register.id(), register.session(), number, register.tools());
    };
  }

  /**
   * There will be no connection any more. Those on the way are told by {@link OutstandingCommands}.
   */
  void ended(ClientException because) {
    var all = new ArrayList<>(toMend);
    all.addAll(waiting);
    toMend.clear();
    waiting.clear();
    all.forEach(entry -> entry.handler.failed(because));
  }
}
