package dev.kantele.protocol.sequence;

import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a session remembers of the numbered commands of one client (docs/protocol.md, "Server →
 * client: replies"). A value: each change gives a new one.
 *
 * @param next the number that is expected next; 1 at first
 * @param remembered the acks of the last 256 commands, the oldest first
 */
public record CommandNumbers(long next, List<Reply.Ack> remembered) {
  /** How many replies are remembered. */
  public static final int MAX_REMEMBERED = 256;

  /** Nothing has come yet. */
  public static final CommandNumbers START = new CommandNumbers(1, List.of());

  public CommandNumbers {
    WireNumber.require("next", next, 1);
    remembered = List.copyOf(remembered);
    if (remembered.size() > MAX_REMEMBERED) {
      throw new IllegalArgumentException(
          "remembered: " + remembered.size() + " (expected: at most " + MAX_REMEMBERED + ")");
    }
  }

  /** What to do with a command that came. */
  public sealed interface Verdict {
    /** It is new and in turn. */
    record Take() implements Verdict {}

    /** It was acked before: send this again, and do nothing else. */
    record Repeat(Reply.Ack reply) implements Verdict {}

    /** Its number was used up by a command that is remembered no longer, or by another. */
    record DuplicateSequence(long expected) implements Verdict {}

    /** Commands before it are missing. */
    record Gap(long expected) implements Verdict {}
  }

  /**
   * Judges a command. A remembered id always gets its reply again, whatever number it comes with;
   * without a number the id alone decides.
   */
  public Verdict decide(OptionalLong seq, CommandId id) {
    Optional<Reply.Ack> known = find(id);
    if (known.isPresent()) {
      return new Verdict.Repeat(asDuplicate(known.get()));
    }
    if (seq.isEmpty() || seq.getAsLong() == next) {
      return new Verdict.Take();
    }
    return seq.getAsLong() < next ? new Verdict.DuplicateSequence(next) : new Verdict.Gap(next);
  }

  /**
   * Uses the expected number up for the command that was taken, and remembers its ack. There is no
   * such method for a refused command: only an ack uses a number up.
   */
  public CommandNumbers acked(Reply.Ack reply) {
    return new CommandNumbers(next + 1, remember(reply).remembered());
  }

  /** Remembers the ack of a command that has no number to use up. */
  public CommandNumbers remember(Reply.Ack reply) {
    List<Reply.Ack> replies = new ArrayList<>(remembered);
    if (replies.size() == MAX_REMEMBERED) {
      replies.removeFirst();
    }
    replies.add(reply);
    return new CommandNumbers(next, replies);
  }

  private Optional<Reply.Ack> find(CommandId id) {
    return remembered.stream().filter(reply -> reply.re().equals(id)).findFirst();
  }

  private static Reply.Ack asDuplicate(Reply.Ack reply) {
    return new Reply.Ack(reply.re(), /* duplicate= */ true, reply.body());
  }
}
