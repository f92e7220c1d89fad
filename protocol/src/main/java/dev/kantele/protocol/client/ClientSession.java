package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A session of a node, as a client holds it. Safe from any thread; no method waits, and there is
 * nothing to close. Every future fails with {@link CommandRefusedException} if the session refuses,
 * and with {@link ConnectionEndedException} if the client's connection ends for good.
 */
public final class ClientSession {
  private final SessionId id;
  private final AckBody.Opened opened;
  private final ClientCore client;

  ClientSession(SessionId id, AckBody.Opened opened, ClientCore client) {
    this.id = id;
    this.opened = opened;
    this.client = client;
  }

  /** The session's name. */
  public SessionId id() {
    return id;
  }

  /** The identity of its log; with an event's number it makes a cursor. */
  public LogId log() {
    return opened.log();
  }

  /** Whether opening it here created it. */
  public boolean isNew() {
    return opened.created();
  }

  /** The number of the log's last event when the session was opened here. */
  public long lastSeqAtOpen() {
    return opened.lastSeq();
  }

  /** Prompts with plain text. The turn waits if another one runs. */
  public ClientTurn prompt(String text) {
    return prompt(text, PromptPolicy.ENQUEUE);
  }

  /** Prompts with plain text, by {@code policy} where a turn runs. */
  public ClientTurn prompt(String text, PromptPolicy policy) {
    return prompt(
        new Command.Prompt(
            client.newId(),
            id,
            OptionalLong.empty(),
            List.of(new Part.Text(requireNonNull(text, "text"))),
            Optional.empty(),
            policy == PromptPolicy.ENQUEUE ? Optional.empty() : Optional.of(policy),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /**
   * Prompts with all that the wire allows. The client gives it the next number, and the turn a name
   * where it has none.
   *
   * @throws IllegalArgumentException if it is another session's, or has a number
   */
  public ClientTurn prompt(Command.Prompt prompt) {
    requireMine(prompt);
    if (prompt.seq().isPresent()) {
      throw new IllegalArgumentException(
          "seq: " + prompt.seq().getAsLong() + " (expected: none; the client numbers)");
    }
    TurnId turn = prompt.turn().orElseGet(() -> new TurnId("t-" + UUID.randomUUID()));
    var reply = new CompletableFuture<Reply>();
    var after = new long[1];
    client.accept(
        prompt.id(),
        reply,
        handler -> {
          after[0] = client.session(id).feed().newest();
          client.session(id).submit(named(prompt, turn), handler);
        });
    return new ClientTurn(
        this,
        turn,
        reply.thenApply(
            answer ->
                new ClientTurn.Accepted(
                    Replies.requireAck(answer, AckBody.PromptAccepted.class), after[0])));
  }

  private static Command.Prompt named(Command.Prompt prompt, TurnId turn) {
    return new Command.Prompt(
        prompt.id(),
        prompt.session(),
        prompt.seq(),
        prompt.content(),
        Optional.of(turn),
        prompt.policy(),
        prompt.deadlineMs(),
        prompt.model(),
        prompt.params(),
        prompt.outputSchema(),
        prompt.metadata());
  }

  void watch(TurnId turn, long after, CompletableFuture<TurnResult> result) {
    client
        .mailbox()
        .execute(
            () -> {
              ClientException end = client.end();
              if (end != null) {
                client.fail(result, end);
              } else {
                client.session(id).watch(turn, Optional.of(opened.log()), after, result);
              }
            });
  }

  /**
   * The log's events after number {@code after} (0: from its start): each once, in order, across
   * lost connections, at each subscriber's own pace. One that falls behind gets merged events.
   * Completes after {@code session.closed}; fails if the session is deleted, or if the events were
   * of another log.
   *
   * <p>Every subscriber has a place in the log of its own, and nothing is asked of the node before
   * its first demand. Signals come on a virtual thread, one at a time, and may block; demand goes
   * to the node as credit, in batches of up to {@link ClientSettings#eventWindow()}.
   */
  public Flow.Publisher<Event> events(long after) {
    return events(opened.log(), after);
  }

  /**
   * The events after a cursor that was kept, perhaps from an earlier life of this process: the
   * log's name and the last number. Otherwise as {@link #events(long)}.
   */
  public Flow.Publisher<Event> events(LogId log, long after) {
    return new EventPublisher(client, id, Optional.of(log), after);
  }

  /**
   * Lets this client run tools for the session, in place of those that it offered before. Each call
   * runs once, on a virtual thread of its own; what it says is sent until the node has it.
   */
  public CompletableFuture<Void> registerTools(List<ClientTool> tools) {
    List<ClientTool> offered = List.copyOf(tools);
    var reply = new CompletableFuture<Reply>();
    client.accept(client.newId(), reply, handler -> client.session(id).host(offered, handler));
    return done(reply);
  }

  /** Lets a tool call run that waits for approval. */
  public CompletableFuture<Void> approve(InvocationId invocation) {
    return decide(invocation, Decision.APPROVE, Optional.empty(), Optional.empty());
  }

  /** Does not let a tool call run. */
  public CompletableFuture<Void> deny(InvocationId invocation, String reason) {
    return decide(invocation, Decision.DENY, Optional.empty(), Optional.of(reason));
  }

  /** Decides on a tool call that waits for approval; {@code arguments} replace the model's. */
  public CompletableFuture<Void> decide(
      InvocationId invocation,
      Decision decision,
      Optional<JsonNode> arguments,
      Optional<String> reason) {
    return done(
        client.submit(
            new Command.ToolDecide(client.newId(), id, invocation, decision, arguments, reason)));
  }

  /** Answers a request for input. */
  public CompletableFuture<Void> answer(RequestId request, JsonNode content) {
    return done(
        client.submit(
            new Command.InputAnswer(
                client.newId(), id, request, Optional.of(content), Optional.empty())));
  }

  /** Declines to answer a request for input. */
  public CompletableFuture<Void> decline(RequestId request) {
    return done(
        client.submit(
            new Command.InputAnswer(
                client.newId(), id, request, Optional.empty(), Optional.of(true))));
  }

  /** Cancels whichever turn runs. */
  public CompletableFuture<Void> cancel(String reason) {
    return cancel(Optional.empty(), reason);
  }

  CompletableFuture<Void> cancel(TurnId turn, String reason) {
    return cancel(Optional.of(turn), reason);
  }

  private CompletableFuture<Void> cancel(Optional<TurnId> turn, String reason) {
    return done(
        client.submit(
            new Command.Cancel(
                client.newId(), id, turn, Optional.of(reason), OptionalLong.empty())));
  }

  /** How far the log is, which turns have not ended, and what waits for a human. */
  public CompletableFuture<AckBody.Status> status() {
    return client
        .submit(new Command.SessionStatus(client.newId(), id))
        .thenApply(reply -> Replies.requireAck(reply, AckBody.Status.class));
  }

  /** Ends the running turns, then the session, for everyone. */
  public CompletableFuture<Void> close(String reason) {
    return done(client.submit(new Command.SessionClose(client.newId(), id, Optional.of(reason))));
  }

  /** A name for a command, never given twice. */
  public CommandId newCommandId() {
    return client.newId();
  }

  private static CompletableFuture<Void> done(CompletableFuture<Reply> reply) {
    return reply.thenAccept(answer -> Replies.requireAck(answer, AckBody.class));
  }

  private void requireMine(Command.OfSession command) {
    if (!command.session().equals(id)) {
      throw new IllegalArgumentException(
          "session: " + command.session() + " (expected: " + id + ")");
    }
  }
}
