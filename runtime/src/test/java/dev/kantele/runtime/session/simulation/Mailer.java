package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.session.simulation.Message.Submitted;
import java.util.function.Consumer;

/**
 * Carries one client's commands to the session and the replies back, over a network that loses
 * both; a command without an answer is sent again.
 */
final class Mailer {
  private static final int PATIENCE_MILLIS = 900;

  private final World world;
  private final SimulatedSession session;
  private final ClientKey key;

  Mailer(World world, SimulatedSession session, ClientKey key) {
    this.world = world;
    this.session = session;
    this.key = key;
  }

  /** Has {@code command} answered, sooner or later. */
  void send(Command.OfSession command, Consumer<Reply> receiver) {
    session.books().sent(command);
    new Letter(command, receiver).send();
  }

  private final class Letter {
    private final Command.OfSession command;
    private final Consumer<Reply> receiver;
    private boolean answered;

    Letter(Command.OfSession command, Consumer<Reply> receiver) {
      this.command = command;
      this.receiver = receiver;
    }

    void send() {
      if (world.mishap(world.circumstances.losses())) {
        session.befell(Mishap.COMMAND_LOST);
      } else {
        world.time.in(
            world.dice.below(8), () -> session.tell(new Submitted(key, command, this::returned)));
      }
      world.time.in(PATIENCE_MILLIS + world.dice.below(200), this::repeat);
    }

    private void repeat() {
      if (!answered) {
        send();
      }
    }

    private void returned(Reply reply) {
      if (world.mishap(world.circumstances.losses())) {
        session.befell(Mishap.ANSWER_LOST);
      } else {
        world.time.in(world.dice.below(8), () -> arrived(reply));
      }
    }

    private void arrived(Reply reply) {
      if (reply instanceof Reply.Nack nack && nack.error().code() == ErrorCode.UNAVAILABLE) {
        return;
      }
      if (!answered) {
        answered = true;
        receiver.accept(reply);
      }
    }
  }
}
