package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What the simulated session is sent. */
sealed interface Message {
  /** A client's command; the reply goes to {@code replyTo}. */
  record Submitted(ClientKey client, Command.OfSession command, Consumer<Reply> replyTo)
      implements Message {
    /** A cancel that no client has sent. */
    static Submitted byNobody(SessionId session) {
      return new Submitted(
          new ClientKey("ada", new ClientId("nobody")),
          new Command.Cancel(
              new CommandId("nobody-1"),
              session,
              Optional.empty(),
              Optional.empty(),
              OptionalLong.empty()),
          _ -> {});
    }
  }

  /**
   * Something happened to a child or timer of life {@code life}.
   *
   * @param again whether the child has reported an outcome before
   * @param taken run when the session has taken it in
   */
  record Happened(Input input, int life, boolean again, Runnable taken) implements Message {}

  /** A subscriber asks for what comes next. */
  record Asked(PullRequest pull) implements Message {}

  /** The rows for a subscriber have been read. */
  record RowsRead(PullRequest pull, List<JournalRecord> rows, long deletedBefore)
      implements Message {}

  /** A snapshot of {@code state} is stored: older rows may go. */
  record Snapshotted(SessionState state) implements Message {}

  /** The session is idle: it may release its window or, with {@code stop}, its memory. */
  record Idle(boolean stop) implements Message {}

  /** The journal has erased the log. */
  record LogErased(int life) implements Message {}
}
