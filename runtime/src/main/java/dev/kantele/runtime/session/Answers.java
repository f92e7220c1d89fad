package dev.kantele.runtime.session;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.log.Remembered;
import dev.kantele.runtime.session.Input.Commanded;
import java.util.Optional;

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
