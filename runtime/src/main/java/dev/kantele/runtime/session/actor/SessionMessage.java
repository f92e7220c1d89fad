package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.session.Input;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SessionActor} understands. Those that come from elsewhere, the {@link Remote} ones,
 * can cross nodes.
 */
public sealed interface SessionMessage {
  /** A message that can come from another node. */
  sealed interface Remote extends SessionMessage {}

  /** A client's command. */
  record Submit(ClientKey client, Command.OfSession command, ActorRef<Reply> replyTo)
      implements Remote {
    public Submit {
      requireNonNull(client, "client");
      requireNonNull(command, "command");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * A subscriber's wish for what comes after its cursor; kept until there is something. A later one
   * of the same {@code replyTo} replaces it.
   */
  record Pull(Cursor cursor, int maxEvents, int maxBytes, ActorRef<PullReply> replyTo)
      implements Remote {
    public Pull {
      requireNonNull(cursor, "cursor");
      WireNumber.require("maxEvents", maxEvents, 1);
      WireNumber.require("maxBytes", maxBytes, 1);
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** Nothing but a reason to recover. */
  record Wake() implements Remote {}

  /**
   * Answers {@link Registry.Passivate}: the session's messages are kept back, and it may stop now
   * if it still wants to.
   */
  record Stop() implements SessionMessage {}

  /** The first message of each life. */
  record GoOn() implements SessionMessage {}

  /** A timer, or a child's report or death. */
  record Happened(Input input) implements SessionMessage {}

  /** A child's batch, to be acknowledged when it is in the log. */
  record Said(Input input, ActorRef<? super ChildAck> replyTo) implements SessionMessage {}

  /** Tells a child that the session has taken its batch. */
  record ChildAck() {}

  /** The node has said yes to what the command that waits in this life needs, or why not. */
  record Admitted(int life, Optional<WireError> refusal) implements SessionMessage {}

  /** Rows that a pull of this life was waiting for; null if they could not be read. */
  record RowsRead(int life, Pull pull, @Nullable List<LogReader.Row> rows)
      implements SessionMessage {}

  /** The subscriber is gone. */
  record SubscriberGone(ActorRef<PullReply> subscriber) implements SessionMessage {}

  /** Time to look whether anybody still needs this session. */
  record IdleTick() implements SessionMessage {}

  /** A snapshot was written at this journal row. */
  record Snapshotted(long journalNr) implements SessionMessage {}

  /** The journal was erased in this life, or could not be. */
  record LogErased(int life, boolean erased) implements SessionMessage {}

  /** Time to try again to erase the journal. */
  record EraseAgain() implements SessionMessage {}
}
