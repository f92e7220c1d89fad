package dev.kantele.testkit.schedule;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.testkit.TestNode;
import dev.kantele.testkit.transport.Loopback;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody at the other end of the wire, who comes back whenever the connection is lost, goes on
 * where the last event was, and sends again what has no reply.
 */
final class Client {
  private static final Duration CANCEL_DEADLINE = Duration.ofSeconds(2);

  private final TestNode node;
  private final String name;
  private final SessionId session;
  private final Dice dice;
  private final Ledger ledger;
  private final Findings findings;
  private final LogRules rules = LogRules.fromStart();
  private final Map<CommandId, Command> unanswered = new LinkedHashMap<>();
  private Optional<Loopback> connection = Optional.empty();
  private boolean attached;
  private boolean calm;
  private int commands;

  Client(
      TestNode node, String name, SessionId session, Dice dice, Ledger ledger, Findings findings) {
    this.node = node;
    this.name = name;
    this.session = session;
    this.dice = dice;
    this.ledger = ledger;
    this.findings = findings;
  }

  private CommandId next() {
    return new CommandId(name + "-" + ++commands);
  }

  void connect() {
    if (!node.isUp()) {
      node.outside().schedule(Duration.ofMillis(200), this::connect);
      return;
    }
    Loopback socket = node.connect();
    connection = Optional.of(socket);
    attached = false;
    if (!calm && dice.percent(30)) {
      socket.delays(Duration.ofMillis(dice.between(1, 150)));
    }
    if (!calm && dice.percent(20)) {
      socket.splits(dice.between(24, 400));
    }
    socket.onEvent(this::onEvent);
    var _ = socket.closed().thenRun(() -> onClosed(socket));
    var _ = socket.hello(name).thenAccept(reply -> onWelcome(socket, reply));
  }

  private void onClosed(Loopback socket) {
    if (connection.filter(socket::equals).isPresent()) {
      connection = Optional.empty();
      node.outside().schedule(Duration.ofMillis(dice.between(20, 900)), this::connect);
    }
  }

  private void onWelcome(Loopback socket, Reply reply) {
    if (!(reply instanceof Reply.Welcome)) {
      findings.add(Rule.REPLIES_HOLD, name + ": hello got " + reply);
      return;
    }
    open(socket);
  }

  private void open(Loopback socket) {
    var _ =
        socket
            .ask(Commands.open(next(), session))
            .thenAccept(
                reply -> {
                  switch (reply) {
                    case Reply.Ack(_, _, AckBody.Opened opened) -> attach(socket, opened);
                    case Reply.Nack _ -> again(socket, () -> open(socket));
                    case Reply.Ack _, Reply.Welcome _, Reply.Pong _ ->
                        findings.add(Rule.REPLIES_HOLD, name + ": open got " + reply);
                  }
                });
  }

  private void attach(Loopback socket, AckBody.Opened opened) {
    var _ =
        socket
            .ask(Commands.attach(next(), session, opened.log(), rules.last()))
            .thenAccept(
                reply -> {
                  switch (reply) {
                    case Reply.Ack _ -> {
                      attached = true;
                      List.copyOf(unanswered.values()).forEach(this::send);
                    }
                    case Reply.Nack(_, var error) -> {
                      if (error.code() == ErrorCode.CURSOR_UNKNOWN) {
                        findings.add(
                            Rule.LOG_RULES, name + ": after " + rules.last() + ": " + error);
                      } else {
                        again(socket, () -> attach(socket, opened));
                      }
                    }
                    case Reply.Welcome _, Reply.Pong _ ->
                        findings.add(Rule.REPLIES_HOLD, name + ": attach got " + reply);
                  }
                });
  }

  private void again(Loopback socket, Runnable action) {
    node.outside()
        .schedule(
            Duration.ofMillis(300),
            () -> {
              if (socket.isOpen()) {
                action.run();
              }
            });
  }

  private void onEvent(Event event) {
    rules.accept(event).forEach(one -> findings.add(Rule.LOG_RULES, name + ": " + one));
    ledger.saw(event);
    switch (event.body()) {
      case EventBody.ToolApprovalRequired required -> {
        if (dice.percent(60)) {
          Decision decision = dice.percent(70) ? Decision.APPROVE : Decision.DENY;
          submit(Commands.decide(next(), session, required.invocation(), decision));
        }
      }
      case EventBody.SessionDetached _ -> connection.ifPresent(this::open);
      default -> {}
    }
  }

  void prompt(PromptPolicy policy) {
    submit(Commands.prompt(next(), session, policy));
  }

  void cancel(TurnId turn) {
    submit(Commands.cancel(next(), session, turn));
  }

  private void submit(Command command) {
    unanswered.put(command.id(), command);
    if (attached) {
      send(command);
    }
  }

  private void send(Command command) {
    connection.ifPresent(
        socket -> {
          var _ = socket.ask(command).thenAccept(reply -> onReply(socket, command, reply));
        });
  }

  private void onReply(Loopback socket, Command command, Reply reply) {
    ledger.replied(command, reply);
    if (reply instanceof Reply.Nack(_, var error) && error.code() == ErrorCode.UNAVAILABLE) {
      again(socket, () -> send(command));
      return;
    }
    boolean first = unanswered.remove(command.id()) != null;
    if (first && command instanceof Command.Prompt && dice.percent(15)) {
      again(socket, () -> send(command));
    }
    if (command instanceof Command.Cancel cancel && reply instanceof Reply.Ack(_, var dup, _)) {
      if (!dup) {
        ledger.cancelled(cancel.turn().orElseThrow(), node.time().now(), CANCEL_DEADLINE);
      }
    }
  }

  void cut() {
    connection.ifPresent(Loopback::cut);
  }

  void stall(Duration duration) {
    connection.ifPresent(
        socket -> {
          socket.stopReading();
          node.outside().schedule(duration, socket::goOnReading);
        });
  }

  boolean isConnected() {
    return connection.isPresent() && attached;
  }

  /** Plays no tricks any more. */
  void calmDown() {
    calm = true;
    connection.ifPresent(Loopback::goOnReading);
  }

  LogRules rules() {
    return rules;
  }

  boolean isAnswered() {
    return unanswered.isEmpty();
  }
}
