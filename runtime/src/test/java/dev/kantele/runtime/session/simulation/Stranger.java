package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.log.ClientKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Somebody to whom the session does not belong. */
final class Stranger {
  private final World world;
  private final Mailer mailer;
  private int commands;

  Stranger(World world, SimulatedSession session) {
    this.world = world;
    this.mailer = new Mailer(world, session, new ClientKey("eve", new ClientId("stranger")));
  }

  void begin() {
    world.time.in(world.dice.between(500, 5_000), this::intrude);
  }

  private void intrude() {
    if (world.calm) {
      return;
    }
    mailer.send(command(new CommandId("stranger-" + ++commands)), this::answered);
    begin();
  }

  private Command.OfSession command(CommandId id) {
    return switch (world.dice.below(3)) {
      case 0 ->
          new Command.Prompt(
              id,
              SimulatedSession.ID,
              OptionalLong.of(1),
              List.of(new Part.Text("Let me in")),
              Optional.empty(),
              Optional.empty(),
              OptionalLong.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      case 1 ->
          new Command.Cancel(
              id, SimulatedSession.ID, Optional.empty(), Optional.empty(), OptionalLong.empty());
      default -> new Command.SessionDelete(id, SimulatedSession.ID, Optional.empty());
    };
  }

  private void answered(Reply reply) {
    boolean refused =
        reply instanceof Reply.Nack(_, var error)
            && (error.code() == ErrorCode.FORBIDDEN || error.code() == ErrorCode.SESSION_NOT_FOUND);
    if (!refused) {
      world.findings.add(Rule.REPLIES_HOLD, "a stranger got " + reply);
    }
  }
}
