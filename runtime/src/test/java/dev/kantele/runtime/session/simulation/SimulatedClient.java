package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.ClientKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who asks a session for all that can be asked for, numbers prompts, and repeats what was
 * not answered.
 */
final class SimulatedClient {
  private static final SessionId SESSION = SimulatedSession.ID;

  private final World world;
  private final SimulatedSession session;
  private final ClientKey key;
  private final Mailer mailer;
  private final List<Command.OfSession> earlier = new ArrayList<>();
  private final SimulatedPerson person;
  private final SimulatedWorker worker;
  private @Nullable TurnId lastOwn;
  private long nextSeq = 1;
  private int commands;

  SimulatedClient(World world, SimulatedSession session, String principal, String name) {
    this.world = world;
    this.session = session;
    this.key = new ClientKey(principal, new ClientId(name));
    this.mailer = new Mailer(world, session, key);
    this.person = new SimulatedPerson(world, session);
    this.worker = new SimulatedWorker(world, session, key);
  }

  void begin() {
    submit(new Command.SessionOpen(id(), SESSION, agent(), Optional.empty()));
    later();
  }

  private Optional<String> agent() {
    return world.dice.oneOf(
        Optional.<String>empty(),
        Optional.of(SimulatedCatalog.PATIENT),
        Optional.of(SimulatedCatalog.HASTY));
  }

  private void later() {
    world.time.in(world.dice.between(1, 2 * world.circumstances.thinkMillis()), this::act);
  }

  private void act() {
    if (world.calm) {
      return;
    }
    if (session.condition() == Condition.CLOSED && world.dice.percent(25)) {
      end();
      later();
      return;
    }
    if (world.circumstances.theme() == Theme.MANY_ENDINGS
        && session.condition() == Condition.TOOLS_RUNNING
        && world.dice.percent(35)) {
      stopTools();
      later();
      return;
    }
    if (world.dice.percent(6)) {
      submit(new Command.ToolRegister(id(), SESSION, number(), tools()));
      later();
      return;
    }
    Optional<Command.OfSession> reply = worker.reply(this::id);
    if (reply.isEmpty()) {
      reply = person.reply(this::id);
    }
    if (reply.isPresent()) {
      submit(reply.get());
      later();
      return;
    }
    int what = world.dice.below(1_000);
    if (what < 560) {
      prompt();
    } else if (what < 640) {
      again();
    } else if (what < 770) {
      cancel();
    } else if (what < 820) {
      cancelAhead();
    } else if (what < 1_000 - world.circumstances.theme().endings()) {
      ask();
    } else {
      end();
    }
    later();
  }

  /* Tools are seldom at work, and seldom is there somebody who ends that. */
  private void stopTools() {
    if (world.dice.percent(60)) {
      cancel();
    } else {
      end();
    }
  }

  private void prompt() {
    PromptPolicy policy = world.dice.pick(List.of(PromptPolicy.values()));
    CommandId id = id();
    var command =
        new Command.Prompt(
            id,
            SESSION,
            number(),
            List.of(new Part.Text("Prompt " + id + " of " + key.client())),
            turn(),
            world.dice.percent(10) ? Optional.empty() : Optional.of(policy),
            world.dice.percent(15)
                ? OptionalLong.of(world.dice.between(1, 3_000))
                : OptionalLong.empty(),
            model(),
            Optional.empty(),
            world.dice.percent(20) ? Optional.of(OutputSchemas.any(world.dice)) : Optional.empty(),
            Optional.empty());
    earlier.add(command);
    submit(command);
  }

  private List<ToolDescription> tools() {
    return world.dice.percent(80) ? SimulatedCatalog.offers() : List.of();
  }

  private OptionalLong number() {
    if (world.dice.percent(15)) {
      return OptionalLong.empty();
    }
    if (world.dice.percent(6)) {
      return OptionalLong.of(Math.max(1, nextSeq + world.dice.between(-2, 3)));
    }
    return OptionalLong.of(nextSeq);
  }

  /** A turn's name of our own, one that is taken, one that a session might give, or none. */
  private Optional<TurnId> turn() {
    List<TurnId> known = session.books().turns().ids();
    return switch (world.dice.below(8)) {
      case 0, 1 -> {
        var own = new TurnId("turn-" + key.client() + "-" + commands);
        lastOwn = own;
        yield Optional.of(own);
      }
      case 2 -> known.isEmpty() ? Optional.empty() : Optional.of(world.dice.pick(known));
      case 3 -> Optional.of(new TurnId("ahead-" + world.dice.below(12)));
      case 4 -> {
        long seq = session.log().lastSeq() + world.dice.between(1, 4);
        yield Optional.of(new TurnId("t" + seq + "-" + world.dice.between(1, 5)));
      }
      default -> Optional.empty();
    };
  }

  private Optional<String> model() {
    return switch (world.dice.below(12)) {
      case 0 -> Optional.of(SimulatedCatalog.OTHER_MODEL);
      case 1 -> Optional.of("sim/none");
      default -> Optional.empty();
    };
  }

  private void again() {
    if (!earlier.isEmpty()) {
      submit(world.dice.pick(earlier));
    }
  }

  private void cancel() {
    OptionalLong deadline =
        switch (world.dice.below(5)) {
          case 0 -> OptionalLong.of(0);
          case 1 -> OptionalLong.of(world.dice.below(400));
          case 2 -> OptionalLong.of(world.dice.percent(50) ? 5_000 : 700_000);
          default -> OptionalLong.empty();
        };
    List<TurnId> known = session.books().turns().ids();
    Optional<TurnId> turn =
        known.isEmpty() || world.dice.percent(60)
            ? Optional.empty()
            : Optional.of(known.get(Math.max(0, known.size() - 1 - world.dice.below(4))));
    submit(new Command.Cancel(id(), SESSION, turn, Optional.empty(), deadline));
  }

  private void cancelAhead() {
    TurnId turn =
        world.dice.percent(70) || lastOwn == null
            ? new TurnId("ahead-" + world.dice.below(12))
            : lastOwn;
    submit(
        new Command.Cancel(
            id(), SESSION, Optional.of(turn), Optional.empty(), OptionalLong.empty()));
  }

  private void ask() {
    var invocation = new InvocationId("no.such." + world.dice.below(3));
    submit(
        switch (world.dice.below(9)) {
          case 0 -> new Command.SessionOpen(id(), SESSION, agent(), Optional.empty());
          case 1 ->
              new Command.SessionAttach(
                  id(), SESSION, world.dice.below(5_000), Optional.empty(), OptionalLong.empty());
          case 2 -> new Command.SessionCredit(id(), SESSION, 10);
          case 3 -> new Command.SessionDetach(id(), SESSION);
          case 4 ->
              new Command.ToolDecide(
                  id(), SESSION, invocation, Decision.APPROVE, Optional.empty(), Optional.empty());
          case 5 ->
              new Command.ToolResult(
                  id(),
                  SESSION,
                  invocation,
                  Optional.of(JsonNodeFactory.instance.textNode("x")),
                  Optional.empty());
          case 6 ->
              new Command.InputAnswer(
                  id(), SESSION, new RequestId("r1"), Optional.empty(), Optional.of(true));
          case 7 -> new Command.ToolRegister(id(), SESSION, OptionalLong.of(nextSeq), List.of());
          default -> new Command.SessionStatus(id(), SESSION);
        });
  }

  private void end() {
    if (world.dice.percent(50)) {
      submit(new Command.SessionClose(id(), SESSION, Optional.empty()));
    } else {
      submit(new Command.SessionDelete(id(), SESSION, Optional.empty()));
    }
    world.time.in(
        world.dice.between(100, 2_000),
        () -> {
          if (!world.calm) {
            submit(new Command.SessionOpen(id(), SESSION, agent(), Optional.empty()));
          }
        });
  }

  private CommandId id() {
    return new CommandId(key.client() + "-" + ++commands);
  }

  private void submit(Command.OfSession command) {
    mailer.send(command, this::answered);
  }

  private void answered(Reply reply) {
    switch (reply) {
      case Reply.Ack(_, _, AckBody.Opened opened) -> nextSeq = opened.nextSeq();
      case Reply.Ack(_, _, AckBody.Attached attached) -> nextSeq = attached.nextSeq();
      case Reply.Ack(_, _, AckBody.Status status) -> nextSeq = status.nextSeq();
      case Reply.Ack(_, var duplicate, AckBody.PromptAccepted accepted) -> {
        if (!duplicate) {
          nextSeq = accepted.nextSeq();
        }
      }
      case Reply.Ack(_, var duplicate, AckBody.ToolsRegistered registered) -> {
        if (!duplicate) {
          nextSeq = registered.nextSeq();
        }
      }
      case Reply.Nack(_, var error)
          when error.code() == ErrorCode.SEQUENCE_GAP
              || error.code() == ErrorCode.DUPLICATE_SEQUENCE ->
          nextSeq = error.expected().orElse(1);
      case Reply.Ack _, Reply.Nack _, Reply.Welcome _, Reply.Pong _ -> {}
    }
  }
}
