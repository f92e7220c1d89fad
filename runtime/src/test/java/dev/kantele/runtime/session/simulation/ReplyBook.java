package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.InputAnswered;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.EventBody.TurnSteered;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.ClientHeard;
import dev.kantele.runtime.log.JournalRecord.Content;
import dev.kantele.runtime.log.JournalRecord.ResultGiven;
import dev.kantele.runtime.log.JournalRecord.ToolsRegistered;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.log.Remembered;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input.Commanded;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the journal says that each client was told, and whether the session says the same. */
final class ReplyBook {
  private final Findings findings;
  private final Map<ClientKey, Long> next = new HashMap<>();
  private final Map<Key, Reply.Ack> acks = new HashMap<>();

  private record Key(ClientKey client, CommandId id) {}

  ReplyBook(Findings findings) {
    this.findings = findings;
  }

  /** Takes in a row that is in the journal now. */
  void durable(JournalRecord row) {
    row.remembered().ifPresent(this::remember);
  }

  private void remember(Remembered remembered) {
    Reply.Ack before =
        acks.put(new Key(remembered.client(), remembered.reply().re()), remembered.reply());
    if (before != null) {
      findings.add(Rule.REPLIES_HOLD, "a second effect of " + before);
    }
    if (remembered.numbered()) {
      next.merge(remembered.client(), 2L, (known, _) -> known + 1);
    }
  }

  /** The number that is expected next from a client. */
  long next(ClientKey client) {
    return next.getOrDefault(client, 1L);
  }

  /** Checks the answer to a command, before anything of it is written. */
  void decided(SessionState before, Commanded commanded, Step step) {
    List<Effect.Answer> answers =
        step.effects().stream()
            .filter(Effect.Answer.class::isInstance)
            .map(Effect.Answer.class::cast)
            .toList();
    if (answers.size() != 1 || answers.getFirst().ticket() != commanded.ticket()) {
      wrong(commanded, "answers are " + answers);
      return;
    }
    Reply reply = answers.getFirst().reply();
    switch (reply) {
      case Reply.Ack ack -> acked(before, commanded, ack, step);
      case Reply.Nack nack -> nacked(before, commanded, nack, step);
      case Reply.Welcome _, Reply.Pong _ -> wrong(commanded, "reply is " + reply);
    }
  }

  private void acked(SessionState before, Commanded commanded, Reply.Ack ack, Step step) {
    Command.OfSession command = commanded.command();
    if (!ack.re().equals(command.id())) {
      wrong(commanded, "reply is " + ack);
    }
    if (command instanceof Command.Prompt prompt) {
      prompted(before, commanded, prompt, ack, step);
    } else if (command instanceof Command.ToolDecide decide) {
      remembered(commanded, ack, step, body -> isEffect(body, decide));
    } else if (command instanceof Command.ToolRegister register) {
      registered(commanded, register, ack, step);
    } else if (command instanceof Command.ToolResult result) {
      remembered(commanded, ack, step, content -> isEffect(content, result));
    } else if (command instanceof Command.InputAnswer input) {
      remembered(commanded, ack, step, body -> isEffect(body, input));
    } else if (ack.duplicate() || remembered(step) != null) {
      wrong(commanded, "it counts as a numbered command");
    }
    Long said = nextSeq(ack.body());
    if (said != null && !ack.duplicate() && said != expectedAfter(commanded)) {
      wrong(commanded, "next_seq is " + said + " (expected: " + expectedAfter(commanded) + ")");
    }
  }

  private void prompted(
      SessionState before, Commanded commanded, Command.Prompt prompt, Reply.Ack ack, Step step) {
    Reply.Ack known = acks.get(new Key(commanded.client(), prompt.id()));
    if (known != null) {
      if (!ack.duplicate() || !ack.body().equals(known.body()) || hasEffect(step)) {
        wrong(commanded, "the first reply was " + known + ", now " + ack + " " + step.rows());
      }
      return;
    }
    var expected = new Remembered(commanded.client(), ack, prompt.seq().isPresent());
    if (ack.duplicate() || !expected.equals(remembered(step))) {
      wrong(commanded, "reply " + ack + ", remembered " + remembered(step));
    }
    if (prompt.seq().isPresent() && prompt.seq().getAsLong() != next(commanded.client())) {
      wrong(commanded, "a wrong number was taken; expected " + next(commanded.client()));
    }
    if (!before.identity().map(SessionState.Identity::owner).equals(owner(commanded))) {
      wrong(commanded, "a stranger was let in");
    }
    accepted(commanded, ack, step);
  }

  /* A command without a number that is remembered by its id, and has one effect. */
  private void remembered(
      Commanded commanded, Reply.Ack ack, Step step, Predicate<Content> isEffect) {
    Reply.Ack known = acks.get(new Key(commanded.client(), commanded.command().id()));
    if (known != null) {
      if (!ack.duplicate() || hasEffect(step)) {
        wrong(commanded, "the first reply was " + known + ", now " + ack + " " + step.rows());
      }
      return;
    }
    var expected = new Remembered(commanded.client(), ack, /* numbered= */ false);
    if (ack.duplicate() || !expected.equals(remembered(step))) {
      wrong(commanded, "reply " + ack + ", remembered " + remembered(step));
    }
    long effects = step.rows().stream().filter(row -> isEffect.test(row.content())).count();
    if (effects != 1) {
      wrong(commanded, "it has " + effects + " effects: " + step.rows());
    }
  }

  private void registered(
      Commanded commanded, Command.ToolRegister register, Reply.Ack ack, Step step) {
    Reply.Ack known = acks.get(new Key(commanded.client(), register.id()));
    if (known != null) {
      if (!ack.duplicate() || !ack.body().equals(known.body()) || remembered(step) != null) {
        wrong(commanded, "the first reply was " + known + ", now " + ack + " " + step.rows());
      }
      return;
    }
    var expected = new Remembered(commanded.client(), ack, register.seq().isPresent());
    boolean noted =
        step.rows().stream()
            .anyMatch(
                row ->
                    row.content() instanceof ToolsRegistered(var client, var tools)
                        && client.equals(commanded.client())
                        && tools.size() == register.tools().size());
    if (ack.duplicate() || !noted || !expected.equals(remembered(step))) {
      wrong(commanded, "reply " + ack + ", rows " + step.rows());
    }
    if (register.seq().isPresent() && register.seq().getAsLong() != next(commanded.client())) {
      wrong(commanded, "a wrong number was taken; expected " + next(commanded.client()));
    }
  }

  /* Where hooks are asked about it, it is written for itself. */
  private static boolean isEffect(Content content, Command.ToolResult result) {
    return switch (content) {
      case Visible(ToolCompleted end) ->
          end.invocation().equals(result.invocation())
              && Optional.of(end.output()).equals(result.output());
      case Visible(ToolFailed end) ->
          end.invocation().equals(result.invocation())
              && Optional.of(end.error()).equals(result.error());
      case ResultGiven(var given) ->
          given.invocation().equals(result.invocation())
              && given.output().equals(result.output())
              && given.error().equals(result.error());
      default -> false;
    };
  }

  private static boolean isEffect(Content content, Command.InputAnswer input) {
    return content instanceof Visible(InputAnswered answered)
        && answered.request().equals(input.request())
        && answered.content().equals(input.content());
  }

  private static boolean isEffect(Content content, Command.ToolDecide decide) {
    return switch (content) {
      case Visible(ToolApproved approved) ->
          decide.decision() == Decision.APPROVE
              && approved.invocation().equals(decide.invocation());
      case Visible(ToolDenied denied) ->
          decide.decision() == Decision.DENY && denied.invocation().equals(decide.invocation());
      default -> false;
    };
  }

  private void accepted(Commanded commanded, Reply.Ack ack, Step step) {
    if (!(ack.body() instanceof AckBody.PromptAccepted accepted)) {
      wrong(commanded, "reply is " + ack);
      return;
    }
    long effects =
        step.rows().stream()
            .filter(row -> row.content() instanceof Visible(var body) && isEffect(body, accepted))
            .count();
    if (effects != 1) {
      wrong(commanded, "it has " + effects + " effects: " + step.rows());
    }
  }

  private static boolean isEffect(Object body, AckBody.PromptAccepted accepted) {
    return switch (body) {
      case TurnQueued queued -> queued.turn().equals(accepted.turn());
      case TurnSteered steered -> steered.turn().equals(accepted.turn());
      default -> false;
    };
  }

  private void nacked(SessionState before, Commanded commanded, Reply.Nack nack, Step step) {
    if (hasEffect(step)) {
      wrong(commanded, nack + " although it has an effect: " + step.rows());
    }
    boolean ours = before.identity().map(SessionState.Identity::owner).equals(owner(commanded));
    if (!(commanded.command() instanceof Command.Numbered prompt) || !ours) {
      return;
    }
    if (acks.containsKey(new Key(commanded.client(), prompt.id()))) {
      wrong(commanded, "it was acked before, now " + nack);
      return;
    }
    ErrorCode code = nack.error().code();
    long expected = next(commanded.client());
    long number = prompt.seq().orElse(expected);
    boolean numbering = code == ErrorCode.DUPLICATE_SEQUENCE || code == ErrorCode.SEQUENCE_GAP;
    ErrorCode due = number < expected ? ErrorCode.DUPLICATE_SEQUENCE : ErrorCode.SEQUENCE_GAP;
    if (numbering != (number != expected)
        || (numbering && (code != due || nack.error().expected().orElse(0) != expected))) {
      wrong(commanded, nack + " (the next number: " + expected + ")");
    }
  }

  /* That a client was heard of is remembered with whatever it says. */
  private static boolean hasEffect(Step step) {
    return step.rows().stream().anyMatch(row -> !(row.content() instanceof ClientHeard));
  }

  private static Optional<String> owner(Commanded commanded) {
    return Optional.of(commanded.client().principal());
  }

  private static @Nullable Remembered remembered(Step step) {
    Remembered found = null;
    for (JournalRecord row : step.rows()) {
      found = row.remembered().orElse(found);
    }
    return found;
  }

  private long expectedAfter(Commanded commanded) {
    boolean usesOne =
        commanded.command() instanceof Command.Numbered numbered && numbered.seq().isPresent();
    return next(commanded.client()) + (usesOne ? 1 : 0);
  }

  private static @Nullable Long nextSeq(AckBody body) {
    return switch (body) {
      case AckBody.Opened opened -> opened.nextSeq();
      case AckBody.Attached attached -> attached.nextSeq();
      case AckBody.PromptAccepted accepted -> accepted.nextSeq();
      case AckBody.Status status -> status.nextSeq();
      case AckBody.ToolsRegistered registered -> registered.nextSeq();
      case AckBody.Done _, AckBody.Sessions _, AckBody.Agents _, AckBody.Models _ -> null;
    };
  }

  private void wrong(Commanded commanded, String what) {
    findings.add(
        Rule.REPLIES_HOLD,
        "%s of %s: %s".formatted(commanded.command(), commanded.client().client(), what));
  }
}
