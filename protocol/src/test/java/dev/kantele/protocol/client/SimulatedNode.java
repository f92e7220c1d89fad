package dev.kantele.protocol.client;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.sequence.CommandNumbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A node with one session that keeps to the protocol's rules, on a line that is cut after a random
 * number of messages: before a command takes effect, after it did and before its reply, or in the
 * middle of the events. Every prompt is a turn that ends at once.
 */
final class SimulatedNode {
  private static final Usage USAGE = new Usage(1, 1, 0);

  private final RandomGenerator random;

  /** How many connections are cut before one is left in peace. */
  private int cutsLeft;

  private final List<EventBody> log = new ArrayList<>();
  private final List<CommandId> taken = new ArrayList<>();
  private CommandNumbers numbers = CommandNumbers.START;

  SimulatedNode(RandomGenerator random, int cuts) {
    this.random = random;
    this.cutsLeft = cuts;
    log.add(new EventBody.SessionOpened(Peer.LOG, "a", Optional.empty(), "me"));
  }

  /** The ids of the prompts that took effect, in their order. */
  synchronized List<CommandId> taken() {
    return List.copyOf(taken);
  }

  /** Plays one connection. */
  void play(Peer peer) throws IOException {
    peer.greet();
    var line = new Line(peer, messagesToPass());
    while (line.isUp()) {
      Command command = peer.next();
      synchronized (this) {
        line.handle(command);
      }
    }
  }

  private synchronized int messagesToPass() {
    cutsLeft--;
    return cutsLeft >= 0 ? 1 + random.nextInt(25) : Integer.MAX_VALUE;
  }

  /** One connection, until its time is up. */
  private final class Line {
    private final Peer peer;
    private int left;
    private long credit;
    private long sent = -1;

    Line(Peer peer, int left) {
      this.peer = peer;
      this.left = left;
    }

    boolean isUp() {
      return left > 0;
    }

    /** Whether one more message passes. */
    private boolean pass() {
      left--;
      return left > 0;
    }

    void handle(Command command) throws IOException {
      if (!pass()) {
        return;
      }
      switch (command) {
        case Command.SessionOpen open ->
            reply(
                Reply.Ack.of(
                    open.id(), new AckBody.Opened(false, Peer.LOG, log.size(), numbers.next())));
        case Command.SessionAttach attach -> {
          reply(
              Reply.Ack.of(
                  attach.id(), new AckBody.Attached(Peer.LOG, log.size(), numbers.next())));
          sent = attach.after();
          credit = attach.credit().orElse(Long.MAX_VALUE);
        }
        case Command.SessionCredit more -> {
          reply(Reply.Ack.of(more.id(), new AckBody.Done()));
          credit += more.events();
        }
        case Command.Prompt prompt -> reply(prompt(prompt));
        default -> reply(Reply.Ack.of(command.id(), new AckBody.Done()));
      }
      push();
    }

    private void reply(Reply reply) throws IOException {
      if (pass()) {
        peer.send(reply);
      }
    }

    private void push() throws IOException {
      while (sent >= 0 && sent < log.size() && credit > 0 && pass()) {
        peer.event(sent + 1, log.get((int) sent));
        sent++;
        credit--;
      }
    }
  }

  private Reply prompt(Command.Prompt prompt) {
    return switch (numbers.decide(prompt.seq(), prompt.id())) {
      case CommandNumbers.Verdict.Take _ -> refusedNowAndThen(prompt);
      case CommandNumbers.Verdict.Repeat(var reply) -> reply;
      case CommandNumbers.Verdict.DuplicateSequence(var expected) ->
          misnumbered(prompt, ErrorCode.DUPLICATE_SEQUENCE, expected);
      case CommandNumbers.Verdict.Gap(var expected) ->
          misnumbered(prompt, ErrorCode.SEQUENCE_GAP, expected);
    };
  }

  private Reply refusedNowAndThen(Command.Prompt prompt) {
    if (random.nextInt(10) == 0) {
      return Reply.Nack.of(prompt.id(), ErrorCode.QUEUE_FULL, "full");
    }
    TurnId turn = prompt.turn().orElseThrow();
    var reply = Reply.Ack.of(prompt.id(), new AckBody.PromptAccepted(turn, 0, numbers.next() + 1));
    numbers = numbers.acked(reply);
    taken.add(prompt.id());
    log.add(
        new EventBody.TurnQueued(
            turn, prompt.content(), PromptPolicy.ENQUEUE, new ClientId("me"), Optional.empty()));
    log.add(new EventBody.TurnStarted(turn));
    log.add(
        new EventBody.StreamCompleted(
            turn,
            Peer.STREAM,
            Message.of(Role.ASSISTANT, List.of(new Part.Text("re " + turn))),
            USAGE,
            FinishReason.END));
    log.add(
        new EventBody.TurnCompleted(
            turn, StopReason.END, Optional.empty(), USAGE, Optional.empty()));
    return reply;
  }

  private static Reply misnumbered(Command.Prompt prompt, ErrorCode code, long expected) {
    return new Reply.Nack(
        Optional.of(prompt.id()), WireError.expecting(code, "Wrong number.", expected));
  }
}
