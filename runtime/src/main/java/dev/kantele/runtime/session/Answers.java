package dev.kantele.runtime.session;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.sequence.CommandNumbers;
import dev.kantele.runtime.log.Remembered;
import dev.kantele.runtime.session.Input.Commanded;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer to one command. */
final class Answers {
  private final Draft draft;
  private final Commanded commanded;

  Answers(Draft draft, Commanded commanded) {
    this.draft = draft;
    this.commanded = commanded;
  }

  Commanded commanded() {
    return commanded;
  }

  void done() {
    ack(new AckBody.Done());
  }

  void ack(AckBody body) {
    reply(Reply.Ack.of(commanded.command().id(), body));
  }

  /** Acknowledges a command whose repetition must find this answer again; its rows carry it. */
  void remember(AckBody body, boolean numbered) {
    Reply.Ack ack = Reply.Ack.of(commanded.command().id(), body);
    draft.remember(new Remembered(commanded.client(), ack, numbered));
    reply(ack);
  }

  /**
   * Judges the number of a numbered command; where it is not to be taken, gives the reply that says
   * so.
   */
  boolean isInTurn(OptionalLong seq) {
    CommandNumbers numbers = draft.state().clients().of(commanded.client());
    switch (numbers.decide(seq, commanded.command().id())) {
      case CommandNumbers.Verdict.Repeat(var reply) -> again(reply);
      case CommandNumbers.Verdict.DuplicateSequence(var expected) ->
          nack(
              WireError.expecting(ErrorCode.DUPLICATE_SEQUENCE, sentence(seq, expected), expected));
      case CommandNumbers.Verdict.Gap(var expected) ->
          nack(WireError.expecting(ErrorCode.SEQUENCE_GAP, sentence(seq, expected), expected));
      case CommandNumbers.Verdict.Take _ -> {
        return true;
      }
    }
    return false;
  }

  private static String sentence(OptionalLong seq, long expected) {
    return "seq: " + seq.orElse(0) + " (expected: " + expected + ")";
  }

  /** Acknowledges a command that has no number, so that its repetition finds this answer again. */
  void rememberDone() {
    remember(new AckBody.Done(), /* numbered= */ false);
  }

  /** Gives the reply again if the command was acknowledged before, and tells whether it was. */
  boolean isRepeated() {
    var numbers = draft.state().clients().of(commanded.client());
    if (numbers.decide(OptionalLong.empty(), commanded.command().id())
        instanceof CommandNumbers.Verdict.Repeat(var reply)) {
      again(reply);
      return true;
    }
    return false;
  }

  /** Gives the reply of an earlier command again. */
  void again(Reply.Ack duplicate) {
    reply(duplicate);
  }

  void nack(ErrorCode code, String message) {
    nack(WireError.of(code, message));
  }

  void nack(WireError error) {
    reply(new Reply.Nack(Optional.of(commanded.command().id()), error));
  }

  private void reply(Reply reply) {
    draft.effect(new Effect.Answer(commanded.ticket(), reply));
  }
}
