package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireName;
import dev.kantele.protocol.WireNumber;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One row of a session's journal: an event that subscribers see, or a note that they don't.
 *
 * @param covers the numbers that an event stands for; for a note, the number of the last event in
 *     the journal before it, twice
 * @param reserved the highest number that live events may use while this is the last row
 */
public record JournalRecord(
    Covers covers, long reserved, Instant at, Content content, Optional<Remembered> remembered) {
  /** How many numbers beyond its own each row reserves for live events. */
  public static final int RESERVATION = 4_096;

  public JournalRecord {
    requireNonNull(covers, "covers");
    WireNumber.require("reserved", reserved, covers.to());
    requireNonNull(at, "at");
    requireNonNull(content, "content");
    requireNonNull(remembered, "remembered");
  }

  /** The number of the last event in the journal up to and with this row. */
  public long seq() {
    return covers.to();
  }

  /** What a row says. */
  public sealed interface Content {}

  /** An event of the log. */
  public record Visible(EventBody.Durable body) implements Content {
    public Visible {
      requireNonNull(body, "body");
    }
  }

  /** Something the session must not forget and that no subscriber sees. */
  public sealed interface Note extends Content {}

  /** Nothing but the row's reservation, for a stream that ran long. */
  @WireName("note.reserved")
  public record Reserved() implements Note {}

  /**
   * What a prompt asked for beyond its {@code turn.queued} or {@code turn.steered}; for steering,
   * {@code turn} is the one it becomes.
   */
  @WireName("note.turn_options")
  public record TurnOptions(
      TurnId turn,
      Optional<String> model,
      Optional<JsonNode> params,
      Optional<JsonNode> outputSchema,
      OptionalLong deadlineMs)
      implements Note {}

  /** The running turn is to end by {@code deadline}. */
  @WireName("note.end_requested")
  public record EndRequested(TurnId turn, EndCause cause, Instant deadline) implements Note {}

  /** A cancel came before the prompt of its turn did. */
  @WireName("note.cancel_remembered")
  public record CancelRemembered(TurnId turn) implements Note {}

  /** The tools that a client runs from now on, in place of those before; none: it runs none. */
  @WireName("note.tools_registered")
  public record ToolsRegistered(ClientKey client, List<ToolDescription> tools) implements Note {
    public ToolsRegistered {
      tools = List.copyOf(tools);
    }
  }

  /** A client whose tool is being called has given a sign of life since the call started. */
  @WireName("note.client_heard")
  public record ClientHeard(ClientKey client) implements Note {}

  /** What a client has answered for a call of its tool; hooks are asked about it. */
  @WireName("note.result_given")
  public record ResultGiven(Part.ToolResult result) implements Note {}

  /** The session is to close when its turns have ended, and its log to be erased if so. */
  @WireName("note.close_requested")
  public record CloseRequested(Optional<String> reason, boolean erase) implements Note {}

  /** Everything before this row is to be forgotten: the session is as if it had never been. */
  @WireName("note.erased")
  public record Erased() implements Note {}

  /** Events before {@code firstSeq} are kept no longer; a cursor before it gets a snapshot. */
  @WireName("note.horizon")
  public record HorizonMoved(long firstSeq, long firstRow) implements Note {}
}
